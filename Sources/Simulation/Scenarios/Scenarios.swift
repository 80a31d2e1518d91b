/// The stories that every run of the suite plays.
public enum Scenarios {
    public static let all: [Scenario] =
        [
            release, imageOnly, noSchema, upgradeTwice, failingMigration, neverStarted, twoServices, twoFamilies,
            rolledBack,
            vanished, probed, probedInVain, rerunnable, lostLedger, restoredLedger, detached, adopted, countOnly,
            autoScaled, bareAnswer, bareAnswerToCount, bareAnswerToRetry, bareAnswerToForced, olderImage,
            movedByHand, oneLedger, twoLedgers, markedElsewhere, foundLate, givenUp,
            tampered, cutOff, refusedLater, refusedDeregistered, retried, probedDirty, probedForImage, lostLate,
            lostWhileRunning,
            clockChanged, releasedMeanwhile,
        ] + ofDeployments + ofRunners + ofMigrators + ofNewServices + ofContractions + ofCommands + ofPlaces + ofCopies
        + ofRollBacks
        + ofSequence + ofSchedules

    /// Small enough for two deaths at every pair of points.
    public static let smallest = [noSchema, countOnly, imageOnly]

    public static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }

    private static let v2 = Launch("v2", version: "0002")
    private static let v3 = Launch("v3", version: "0003")

    /// The plain release: register, migrate, move.
    static let release = Scenario("release", [.run([v2])], last: v2, ends: [0])

    static let imageOnly = Scenario("image-only", [.run([Launch("v2")])], last: Launch("v2"), ends: [0])

    static let noSchema = Scenario("no-schema", [.run([Launch("v2")])], last: Launch("v2"), ends: [0]) {
        $0.hasSchema = false
    }

    static let upgradeTwice = Scenario("two-releases", [.run([v2]), .run([v3])], last: v3, ends: [0, 0])

    /// The next release looks while the migration of the last one runs, and once more when it has just ended.
    static let releasedMeanwhile: Scenario = {
        var hasty = v2
        hasty.timeout = 1
        return Scenario("released-meanwhile", [.run([hasty]), .run([v3])], last: v3, ends: [5, 0]) {
            $0.images["v2"]?.migration = .succeeds(after: 700)
        }
    }()

    static let failingMigration = Scenario(
        "failing-migration",
        [.run([v2]), .change(tag: "v2", ImageScript(version: "0002")), .run([v2])], last: v2, ends: [3, 0]
    ) { $0.images["v2"]?.migration = .fails(code: 1, after: 200) }

    static let neverStarted = Scenario(
        "never-started",
        [.run([v2]), .change(tag: "v2", ImageScript(version: "0002")), .run([v2])], last: v2, ends: [3, 0]
    ) { $0.images["v2"]?.migration = .cannotStart }

    static let twoServices = Scenario("two-services", [.run([v2])], last: v2, ends: [0]) {
        $0.services = [.init("web"), .init("worker", count: 1)]
    }

    static let twoFamilies = Scenario("two-families", [.run([v2])], last: v2, ends: [0]) {
        $0.services = [.init("web"), .init("worker", family: "shop-worker", count: 1)]
    }

    /// ECS rolls back; the same image is refused; another one goes through.
    static let rolledBack = Scenario("rolled-back", [.run([v2]), .run([v2]), .run([v3])], last: v3, ends: [4, 4, 0]) {
        $0.images["v2"]?.app = .crashes(after: 50)
    }

    /// The task's host is gone: a person decides.
    static let vanished = Scenario("vanished", [.run([v2]), .run([v2])], last: v2, ends: [6, 6]) {
        $0.images["v2"]?.migration = .vanishes(applied: true, after: 200)
    }

    private static let probing: Launch = {
        var launch = v2
        launch.hasProbe = true
        return launch
    }()

    /// The task's host is gone: the database says that the migration was done.
    static let probed = Scenario("probed", [.run([probing])], last: probing, ends: [0]) {
        $0.images["v2"]?.migration = .vanishes(applied: true, after: 200)
    }

    /// The task's host is gone: the database says that it was not, and it is done again.
    static let probedInVain = Scenario(
        "probed-in-vain", [.run([probing]), .change(tag: "v2", ImageScript(version: "0002")), .run([probing])],
        last: probing, ends: [3, 0]
    ) { $0.images["v2"]?.migration = .vanishes(applied: false, after: 200) }

    /// An image's migration was done, and its end is lost; then a version is wanted of the same database, which says where it
    /// is: that says nothing of the image.
    static let probedForImage: Scenario = {
        var image = Launch("v2")
        image.hasProbe = true
        return Scenario("probed-for-image", [.run([image]), .run([probing])], last: image, ends: [6, 6]) {
            $0.images["v2"]?.migration = .vanishes(applied: true, after: 200)
        }
    }()

    static let rerunnable: Scenario = {
        var launch = v2
        launch.isRerunnable = true
        return Scenario(
            "rerunnable",
            [.run([launch]), .change(tag: "v2", ImageScript(version: "0002")), .run([launch])], last: launch,
            ends: [3, 0]
        ) { $0.images["v2"]?.migration = .vanishes(applied: false, after: 200) }
    }()

    /// Every CI machine is a fresh one.
    static let lostLedger = Scenario(
        "lost-ledger", [.run([v2]), .lose(ledger: "a"), .run([v2]), .lose(ledger: "a"), .run([v3])], last: v3,
        ends: [0, 0, 0])

    static let restoredLedger = Scenario(
        "restored-ledger",
        [.run([v2]), .copy(ledger: "a"), .run([v3]), .restore(ledger: "a"), .run([v3])], last: v3, ends: [0, 0, 0])

    /// The run gives up waiting; a later one goes on.
    static let detached: Scenario = {
        var launch = v2
        launch.timeout = 1
        return Scenario("detached", [.run([launch]), .pass(120_000), .run([v2])], last: v2, ends: [5, 0]) {
            $0.images["v2"]?.migration = .succeeds(after: 60_000)
        }
    }()

    /// The run gives up waiting; the next one finds the task still running.
    static let adopted: Scenario = {
        var launch = v2
        launch.timeout = 1
        return Scenario("adopted", [.run([launch]), .run([v2])], last: v2, ends: [5, 0]) {
            $0.images["v2"]?.migration = .succeeds(after: 1_800)
        }
    }()

    static let countOnly: Scenario = {
        var launch = Launch("v1", version: "0001")
        launch.desiredCount = 3
        return Scenario("count-only", [.run([launch])], last: launch, ends: [0])
    }()

    /// Auto scaling has moved the count, and owns it.
    static let autoScaled: Scenario = {
        var launch = v2
        launch.desiredCount = 3
        return Scenario(
            "auto-scaled",
            [
                .elsewhere(.target(service: "web", within: 2...20)), .elsewhere(.scale(service: "web", to: 5)),
                // No read is that stale.
                .pass(60_000), .run([launch]),
            ], last: launch, ends: [0])
    }()

    /// Back to an older image while the schema stays.
    static let olderImage: Scenario = {
        var older = v2
        older.acceptsNewer = true
        return Scenario("older-image", [.run([v2]), .run([v3]), .run([older])], last: older, ends: [0, 0, 0])
    }()

    /// Someone scales and registers next to us.
    static let movedByHand = Scenario(
        "moved-by-hand",
        [
            .elsewhere(.register(family: "shop", tag: "v2")), .elsewhere(.scale(service: "web", to: 3)), .run([v2]),
            .elsewhere(.register(family: "shop", tag: "v1")), .run([v3]),
        ], last: v3, ends: [0, 0])

    /// Two runs that share a ledger, one waiting for the other.
    static let oneLedger: Scenario = {
        var patient = v2
        patient.lockPatience = 600
        return Scenario("one-ledger", [.run([patient, patient])], last: v2, ends: [0, 0])
    }()

    /// Two machines that want the same and know nothing of each other.
    static let twoLedgers: Scenario = {
        var other = v2
        other.ledger = "b"
        return Scenario("two-ledgers", [.run([v2, other])], last: v2, ends: [0, 0])
    }()

    /// Another machine has seen the end of what this one began, and its mark is all that is left of it.
    static let markedElsewhere: Scenario = {
        var hasty = v2
        hasty.timeout = 1
        var other = v2
        other.ledger = "b"
        return Scenario(
            "marked-elsewhere", [.run([hasty]), .run([other]), .pass(7_200_000), .run([v2])], last: v2, ends: [5, 0, 0]
        ) { $0.images["v2"]?.migration = .succeeds(after: 2_000) }
    }()

    /// No one starts a dead run again until all that ECS remembers is gone.
    static let foundLate: Scenario = {
        var dying = v2
        dying.isLeftDead = true
        return Scenario("found-late", [.run([dying]), .pass(7_200_000), .run([v2])], last: v2, ends: [0, 0])
    }()

    /// The ledger says something else than was written.
    static let tampered = Scenario(
        "tampered", [.run([v2]), .damage(ledger: "a", .changed), .run([v3])], last: v3,
        ends: [0, 74, 74, 74, 74])

    /// The ledger has lost its last entry.
    static let cutOff = Scenario(
        "cut-off", [.run([v2]), .damage(ledger: "a", .cutOff), .run([v3])], last: v3,
        ends: [0, 74, 74, 74, 74])

    /// ECS has rolled back, and shows nothing of it any more: the ledger knows.
    static let refusedLater = Scenario(
        "refused-later", [.run([v2]), .pass(120_000), .run([v2]), .run([v3])], last: v3, ends: [4, 4, 0]
    ) { $0.images["v2"]?.app = .crashes(after: 50) }

    /// ECS has rolled back, and someone deregisters what it was: the ledger knows the content.
    static let refusedDeregistered = Scenario(
        "refused-deregistered",
        [.run([v2]), .pass(120_000), .elsewhere(.deregister(family: "shop")), .run([v2]), .run([v3])], last: v3,
        ends: [4, 4, 0]
    ) { $0.images["v2"]?.app = .crashes(after: 50) }

    /// ECS has rolled back, the image was mended without another name, and is asked for once more.
    static let retried: Scenario = {
        var again = v2
        again.retriesFailed = true
        return Scenario(
            "retried", [.run([v2]), .change(tag: "v2", ImageScript(version: "0002")), .run([again])], last: v2,
            ends: [4, 0]
        ) { $0.images["v2"]?.app = .crashes(after: 50) }
    }()

    /// The task's host is gone: the database says that half of the migration was done, and a person mends it.
    static let probedDirty = Scenario("probed-dirty", [.run([probing])], last: probing, ends: [6]) {
        $0.images["v2"]?.migration = .breaks(after: 200)
    }

    /// A fresh machine, when ECS remembers no token and no task any more.
    static let lostLate = Scenario(
        "lost-late", [.run([v2]), .lose(ledger: "a"), .pass(7_200_000), .run([v2])], last: v2, ends: [0, 0])

    /// A fresh machine that wants something else while the task of another one goes on.
    static let lostWhileRunning: Scenario = {
        var hasty = v2
        hasty.timeout = 1
        return Scenario(
            "lost-while-running", [.run([hasty]), .lose(ledger: "a"), .run([v3])], last: v3, ends: [5, 75]
        ) { $0.images["v2"]?.migration = .succeeds(after: 60_000) }
    }()

    /// A dead run is found at once, by a machine whose clock says that a year has passed.
    static let clockChanged: Scenario = {
        var dying = v2
        dying.isLeftDead = true
        var later = v2
        later.skew = 31_536_000
        return Scenario("clock-changed", [.run([dying]), .run([later])], last: v2, ends: [0, 0])
    }()

    /// UpdateService answers without deployments: DescribeServices shows what it started.
    static let bareAnswer = Scenario("bare-answer", [.run([v2])], last: v2, ends: [0]) { $0.hidesDeployments = true }

    /// The update starts no deployment.
    static let bareAnswerToCount = Scenario("bare-answer-to-count", countOnly.acts, last: countOnly.last, ends: [0]) {
        $0.hidesDeployments = true
    }

    static let bareAnswerToRetry = Scenario(
        "bare-answer-to-retry", retried.acts, last: retried.last, ends: retried.ends
    ) {
        $0 = retried.landscape
        $0.hidesDeployments = true
    }

    static let bareAnswerToForced = Scenario(
        "bare-answer-to-forced", givenUp.acts, last: givenUp.last, ends: givenUp.ends
    ) {
        $0 = givenUp.landscape
        $0.hidesDeployments = true
    }

    /// ECS gives a rollout up and leaves it at that: the same image is deployed again only where a person says so.
    static let givenUp: Scenario = {
        var again = v2
        again.retriesFailed = true
        return Scenario(
            "given-up", [.run([v2]), .run([v2]), .change(tag: "v2", ImageScript(version: "0002")), .run([again])],
            last: v2, ends: [4, 4, 0]
        ) {
            $0.rollsBack = false
            $0.images["v2"]?.app = .crashes(after: 50)
        }
    }()
}
