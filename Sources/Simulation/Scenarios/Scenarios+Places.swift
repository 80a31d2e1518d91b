/// The stories of several clusters with databases of one name, and of several environments on one database.
extension Scenarios {
    static let ofPlaces =
        [clusters, clustersOfOwnLedgers, clustersWithoutLedger, undecidedElsewhere, processesOfTwoLedgers]
        + Launch.Runner.allCases.flatMap { [movedCluster($0), environments($0), commandAfter($0), migrationAfter($0)] }
        + [
            changedVersion, rolledBackUnseen, forgotten(false), forgotten(true), rolledBackBehind(5_000),
            rolledBackBehind(120_000),
            rolledBackBehindAnother,
            fixedAfterUnseen, staleDates, unqualifiedMark, outlived, swappedTask,
        ]
        + Launch.Runner.allCases.map(saysDirty)

    private static func launch(_ cluster: String, _ tag: String = "v2", _ version: String = "0002") -> Launch {
        var launch = Launch(tag, version: version)
        launch.cluster = cluster
        return launch
    }

    private static let staging = launch(Landscape.staging)
    private static let prod = launch(Landscape.cluster)

    private static func staged(_ landscape: inout Landscape) { landscape.hasStaging = true }

    /// The same release in both: each database is migrated.
    private static let clusters = Scenario(
        "two-clusters", [.run([staging]), .run([prod])], last: prod, ends: [0, 0], landscape: staged)

    private static let clustersOfOwnLedgers: Scenario = {
        var other = staging
        other.ledger = "b"
        return Scenario(
            "two-clusters-two-ledgers", [.run([other]), .run([prod])], last: prod, ends: [0, 0], landscape: staged)
    }()

    /// A process ends while no run watches it. A run with another ledger in the same folder must keep its exit code.
    private static let processesOfTwoLedgers: Scenario = {
        var (hasty, other) = (prod, staging)
        (hasty.runner, hasty.timeout) = (.process, 1)
        (other.runner, other.ledger) = (.process, "a/second")
        var last = hasty
        last.timeout = prod.timeout
        return Scenario(
            "processes-of-two-ledgers", [.run([hasty]), .pass(120_000), .run([other]), .run([last])], last: last,
            ends: [5, 0, 0]
        ) {
            staged(&$0)
            $0.images["v2"]?.migration = .succeeds(after: 50_000)
        }
    }()

    private static let clustersWithoutLedger = Scenario(
        "two-clusters-no-ledger",
        [.run([staging]), .lose(ledger: "a"), .run([prod]), .lose(ledger: "a"), .run([staging])], last: prod,
        ends: [0, 0, 0], landscape: staged)

    /// A run dies anywhere in one cluster; then the manifest names another one.
    private static func movedCluster(_ runner: Launch.Runner) -> Scenario {
        var (dying, then) = (staging, prod)
        (dying.runner, then.runner, dying.isLeftDead) = (runner, runner, true)
        return Scenario(
            "\(runner.rawValue)-moved-cluster", [.run([dying]), .run([then])], last: then, ends: [0, 0],
            landscape: staged)
    }

    /// A migration whose end no one knows; another cluster's mark on the same revision says nothing of it.
    private static let undecidedElsewhere: Scenario = {
        var other = prod
        other.ledger = "b"
        return Scenario(
            "undecided-elsewhere",
            [
                .run([staging]), .change(tag: "v2", ImageScript(version: "0002")), .run([other]), .run([staging]),
            ], last: other, ends: [6, 0, 6]
        ) {
            staged(&$0)
            $0.images["v2"]?.migration = .vanishes(applied: false, after: 200)
        }
    }()

    /// Two environments share a database and a ledger. One is left dead; the other one wants another version.
    private static func environments(_ runner: Launch.Runner) -> Scenario {
        var (dying, then) = (Launch("v2", version: "0002"), Launch("v3", version: "0003"))
        (dying.environment, dying.service, dying.isLeftDead) = ("shop-web", "web", true)
        (then.environment, then.service) = ("shop-worker", "worker")
        (dying.runner, then.runner) = (runner, runner)
        return Scenario(
            "\(runner.rawValue)-environments", [.run([dying]), .run([then])], last: then, ends: [0, 0]
        ) {
            $0.services = [.init("web"), .init("worker", count: 1)]
            $0.images["v2"]?.migration = .succeeds(after: 3_000)
        }
    }

    /// A command of one environment after a run of the other one that was left dead.
    private static func commandAfter(_ runner: Launch.Runner) -> Scenario {
        var (dying, errand) = (Launch("v2", version: "0002"), Launch(Errand("tidy")))
        (dying.isLeftDead, dying.runner, errand.runner, errand.environment) = (true, runner, runner, "shop-tidy")
        var last = dying
        last.isLeftDead = false
        return Scenario(
            "\(runner.rawValue)-command-after", [.run([dying]), .run([errand])], last: last, ends: [0, 0])
    }

    /// A migration while a command of another environment is at work, which no one waits for.
    private static func migrationAfter(_ runner: Launch.Runner) -> Scenario {
        var command = Errand("tidy", lasts: 50_000)
        command.isDetached = true
        var (errand, release) = (Launch(command), Launch("v2", version: "0002"))
        (errand.environment, release.runner) = ("shop-tidy", runner)
        return Scenario(
            "\(runner.rawValue)-migration-after", [.run([errand]), .run([release])], last: release, ends: [0, 75])
    }

    /// A run dies anywhere, and another version is wanted at once.
    static let changedVersion: Scenario = {
        var dying = Launch("v2", version: "0002")
        dying.isLeftDead = true
        let then = Launch("v3", version: "0003")
        return Scenario("changed-version", [.run([dying]), .run([then])], last: then, ends: [0, 0]) {
            $0.images["v2"]?.migration = .succeeds(after: 3_000)
        }
    }()

    /// A dead run is found when ECS has forgotten its token, by one that gets dates of the time before.
    private static let staleDates: Scenario = {
        var dying = Launch("v2", version: "0002")
        dying.isLeftDead = true
        var later = Launch("v2", version: "0002")
        later.datesOff = -7_200
        return Scenario(
            "stale-dates", [.run([dying]), .pass(7_200_000), .run([later])], last: Launch("v2", version: "0002"),
            ends: [0, 0])
    }()

    /// The revision of the release is there and bears a mark that may be another cluster's.
    private static let unqualifiedMark = Scenario(
        "unqualified-mark",
        [
            .elsewhere(.register(family: "shop", tag: "v2")), .elsewhere(.mark(family: "shop", version: "0002")),
            .run([Launch("v2", version: "0002")]),
        ], last: Launch("v2", version: "0002"), ends: [0])

    /// An essential container fails first, and ECS stops the migration for that: exit code 0 says nothing then.
    private static let outlived = Scenario(
        "outlived", [.run([Launch("v2", version: "0002")])], last: Launch("v2", version: "0002"), ends: [6]
    ) {
        $0.hasSidecar = true
        $0.images["v2"]?.migration = .outlived(after: 200)
    }

    /// A reading of the second migration's task is answered with the first one's, which has succeeded.
    private static let swappedTask: Scenario = {
        let (first, second) = (Launch("v2", version: "0002"), Launch("v3", version: "0003"))
        return Scenario(
            "swapped-task", [.run([first]), .run([second]), .pass(60_000), .run([second])], last: second,
            ends: [0, 1, 0]
        ) {
            $0.swapsTask = true
            $0.images["v3"]?.migration = .succeeds(after: 5_000)
        }
    }()

    /// ECS has rolled back what a dead run has started, and lists nothing of it any more.
    private static let rolledBackUnseen: Scenario = {
        var dying = Launch("v2", version: "0002")
        dying.isLeftDead = true
        return Scenario(
            "rolled-back-unseen",
            [
                .run([dying]), .pass(120_000), .run([Launch("v2", version: "0002")]),
                .run([Launch("v3", version: "0003")]),
            ],
            last: Launch("v3", version: "0003"), ends: [4, 4, 0]
        ) { $0.images["v2"]?.app = .crashes(after: 50) }
    }()

    /// The service's events cannot show what became of a dead run's update, because they do not reach back to it.
    ///
    /// - Parameter isBad: whether ECS has rolled it back, if it ever began.
    private static func forgotten(_ isBad: Bool) -> Scenario {
        var dying = Launch("v2", version: "0002")
        dying.isLeftDead = true
        return Scenario(
            isBad ? "forgotten-rolled-back" : "forgotten",
            [
                .run([dying]), .pass(120_000), .elsewhere(.redeploy(service: "web")), .pass(120_000),
                .run([Launch("v2", version: "0002")]),
            ],
            last: Launch("v2", version: "0002"), ends: isBad ? [4, 4] : [0, 0]
        ) { if isBad { $0.images["v2"]?.app = .crashes(after: 50) } }
    }

    /// The same, and then the image is wanted that the service runs: that it is in sync does not end what is open.
    private static func rolledBackBehind(_ pause: Int) -> Scenario {
        var dying = Launch("v2", version: "0002")
        dying.isLeftDead = true
        var old = Launch("v1", version: "0001")
        old.acceptsNewer = true
        return Scenario(
            "rolled-back-behind-\(pause < 60_000 ? "soon" : "late")",
            [
                .run([dying]), .pass(pause), .run([old]), .pass(120_000), .run([Launch("v2", version: "0002")]),
                .run([Launch("v3", version: "0003")]),
            ],
            last: Launch("v3", version: "0003"), ends: [4, 0, 4, 0]
        ) {
            $0.images["v2"]?.app = .crashes(after: 50)
            $0.failureShown = 1_000
        }
    }

    /// The same, and another image is rolled out in between: its end is not the first one's.
    private static let rolledBackBehindAnother: Scenario = {
        var (dying, again) = (Launch("v2", version: "0002"), Launch("v2", version: "0002"))
        (dying.isLeftDead, again.acceptsNewer) = (true, true)
        return Scenario(
            "rolled-back-behind-another",
            [
                .run([dying]), .pass(5_000), .run([Launch("v3", version: "0003")]), .pass(120_000), .run([again]),
            ], last: Launch("v3", version: "0003"), ends: [4, 0, 4]
        ) {
            $0.images["v2"]?.app = .crashes(after: 50)
            $0.failureShown = 1_000
        }
    }()

    /// A bad release detaches, and then another image is applied: the end of the first is not a failure of the second.
    private static let fixedAfterUnseen: Scenario = {
        var hasty = Launch("v2", version: "0002")
        hasty.timeout = 1
        return Scenario(
            "fixed-after-unseen", [.run([hasty]), .pass(120_000), .run([Launch("v3", version: "0003")])],
            last: Launch("v3", version: "0003"), ends: [5, 0]
        ) {
            $0.images["v2"]?.migration = .succeeds(after: 10)
            $0.images["v2"]?.app = .crashes(after: 800)
        }
    }()

    /// It ends with 0 and says last that half of it is done; the line comes a second late.
    static func saysDirty(_ runner: Launch.Runner) -> Scenario {
        var launch = Launch("v2", version: "0002")
        launch.runner = runner
        return Scenario("\(runner.rawValue)-says-dirty", [.run([launch])], last: launch, ends: [6]) {
            $0.images["v2"]?.migration = .saysDirty(after: 200)
            $0.logDelay = 1_000
        }
    }
}
