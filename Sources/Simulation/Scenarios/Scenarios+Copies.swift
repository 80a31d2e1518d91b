/// The stories of ledgers that are lost, or put back as they were.
extension Scenarios {
    static let ofCopies = [
        oldCopyOfLater, oldCopyWithOpenStep, undoneThenLost, undoneThenReleased, undoneThenCopied, undoneByHand,
        undoneUntold,
        undoneElsewhere, undoneTwice, movedToUnmarked, undoneBelowUnmarked,
        undoneMeanwhile,
        imageUnmarked, lostBesideCache, adoptedByAnotherImage,
    ]

    /// An old copy of the ledger, put back after ECS has forgotten all tokens, for other code of a version that it was
    /// migrated to since; the services run older code, which bears no mark of it.
    private static let oldCopyOfLater: Scenario = {
        var (old, again) = (Launch("v1", version: "0001"), Launch("v2b", version: "0002"))
        (old.acceptsNewer, again.acceptsNewer) = (true, true)
        return Scenario(
            "old-copy-of-later",
            [
                .run([Launch("v1", version: "0001")]), .copy(ledger: "a"), .run([Launch("v2", version: "0002")]),
                .run([Launch("v3", version: "0003")]), .run([old]), .pass(forgotten), .restore(ledger: "a"),
                .run([again]),
            ], last: again, ends: [0, 0, 0, 0, 0]
        ) { $0.images["v2b"] = ImageScript(version: "0002") }
    }()

    /// The same with a migration open in it, whose mark is there.
    private static let oldCopyWithOpenStep: Scenario = {
        var hasty = Launch("v2", version: "0002")
        hasty.timeout = 1
        return Scenario(
            "old-copy-with-open-step",
            [
                .run([hasty]), .copy(ledger: "a"), .pass(60_000), .run([Launch("v2", version: "0002")]),
                .run([Launch("v3", version: "0003")]), .pass(forgotten), .restore(ledger: "a"),
                .run([Launch("v3", version: "0003")]),
            ], last: Launch("v3", version: "0003"), ends: [5, 0, 0, 0]
        ) { $0.images["v2"]?.migration = .succeeds(after: 5_000) }
    }()

    /// Rolled back by hand, and the ledger is lost before anything else is applied: other code of the same version comes.
    private static let undoneThenLost: Scenario = {
        let (first, other) = (Launch("v2", version: "0002"), Launch("v2b", version: "0002"))
        return Scenario(
            "undone-then-lost", [.run([first]), .rollBack(to: "0001", first), .lose(ledger: "a"), .run([other])],
            last: other, ends: [0, 0]
        ) { $0.images["v2b"] = ImageScript(version: "0002") }
    }()

    /// Code and database were rolled back; then the ledger is lost.
    private static let undoneThenReleased: Scenario = {
        let (first, old) = (Launch("v2", version: "0002"), Launch("v1", version: "0001"))
        return Scenario(
            "undone-then-released",
            [.run([first]), .rollBack(to: "0001", first), .run([old]), .lose(ledger: "a"), .run([first])],
            last: first, ends: [0, 0, 0])
    }()

    /// Code and database were rolled back; then a copy of the ledger from before is put back, which knows the version as done.
    private static let undoneThenCopied: Scenario = {
        let (first, old) = (Launch("v2", version: "0002"), Launch("v1", version: "0001"))
        return Scenario(
            "undone-then-copied",
            [
                .run([first]), .copy(ledger: "a"), .rollBack(to: "0001", first), .run([old]), .restore(ledger: "a"),
                .run([first]),
            ], last: first, ends: [0, 0, 0])
    }()

    /// The database was rolled back, and someone has moved the service by hand to a revision without a word of that; the copy
    /// from before releases other code of the undone version.
    private static let undoneByHand: Scenario = {
        let (first, other) = (Launch("v3", version: "0003"), Launch("v3b", version: "0003"))
        return Scenario(
            "undone-by-hand",
            [
                .run([Launch("v2", version: "0002")]), .run([first]), .copy(ledger: "a"), .rollBack(to: "0002", first),
                .elsewhere(.move(service: "web", to: "shop:2")), .restore(ledger: "a"), .run([other]),
            ], last: other, ends: [0, 0, 0]
        ) { $0.images["v3b"] = ImageScript(version: "0003") }
    }()

    /// AWS does not take the marks of a declaration: the next apply with that ledger sets them, although nothing else is to be
    /// done.
    private static let undoneUntold: Scenario = {
        let first = Launch("v2", version: "0002")
        var old = Launch("v1", version: "0001")
        old.acceptsNewer = true
        return Scenario(
            "undone-unmarked",
            [
                .run([first]), .run([old]), .rollBack(to: "0001", first, isTold: false), .run([old]),
                .lose(ledger: "a"), .run([first]),
            ], last: first, ends: [0, 0, 0, 0])
    }()

    /// A run dies anywhere. With another ledger its release is finished and rolled back; then the first ledger goes on: what
    /// it has open is of the time before.
    private static let undoneElsewhere: Scenario = {
        var dying = Launch("v2", version: "0002")
        dying.isLeftDead = true
        let first = Launch("v2", version: "0002")
        var (other, old) = (first, Launch("v1", version: "0001"))
        (other.ledger, old.ledger) = ("b", "b")
        return Scenario(
            "undone-elsewhere",
            [
                .run([dying]), .pass(30_000), .run([other]), .rollBack(to: "0001", other), .run([old]), .run([first]),
            ], last: first, ends: [0, 0, 0, 0])
    }()

    /// Two people declare different versions, with a ledger each, and AWS has heard of the later one: that one counts.
    private static let undoneTwice: Scenario = {
        let (second, third) = (Launch("v2", version: "0002"), Launch("v3", version: "0003"))
        var other = third
        other.ledger = "b"
        return Scenario(
            "undone-twice",
            [
                .run([third]), .run([other]), .rollBack(to: "0002", third, isTold: false), .pass(2_000),
                .rollBack(to: "0001", other), .run([second]),
            ], last: second, ends: [0, 0, 0]
        ) { $0.images["v3"]?.version = "0003" }
    }()

    /// Two environments with a database and families of their own. The migration of one fails and leaves its revision
    /// unmarked; the other one migrates; then the first is moved to that revision, and the ledger is lost.
    private static let movedToUnmarked: Scenario = {
        var (web, worker) = (Launch("v2", version: "0002"), Launch("v2", version: "0002"))
        (web.environment, web.service) = ("shop-web", "web")
        (worker.environment, worker.service) = ("shop-worker", "worker")
        return Scenario(
            "moved-to-unmarked",
            [
                .run([web]), .change(tag: "v2", ImageScript(version: "0002")), .run([worker]), .run([web]),
                .pass(forgotten), .lose(ledger: "a"), .run([web]),
            ], last: web, ends: [3, 0, 0, 0]
        ) {
            $0.services = [.init("web"), .init("worker", family: "shop-worker", count: 1)]
            $0.images["v2"]?.migration = .fails(code: 1, after: 100)
        }
    }()

    /// Two environments have one family and a ledger each. The database is rolled back; then a migration fails, and leaves the
    /// newest revision of the family without a mark. The other environment does not know of the declaration.
    private static let undoneBelowUnmarked: Scenario = {
        func launch(_ tag: String, _ version: String, of service: String, _ ledger: String) -> Launch {
            var launch = Launch(tag, version: version)
            (launch.environment, launch.service, launch.ledger) = ("shop-\(service)", service, ledger)
            launch.acceptsNewer = true
            return launch
        }
        func web(_ tag: String, _ version: String) -> Launch { launch(tag, version, of: "web", "a") }
        func worker(_ tag: String, _ version: String) -> Launch { launch(tag, version, of: "worker", "b") }
        return Scenario(
            "undone-below-unmarked",
            [
                .run([web("v2", "0002")]), .run([worker("v2", "0002")]), .run([web("v3", "0003")]),
                .run([worker("v3", "0003")]), .run([worker("v1", "0001")]), .run([web("v2", "0002")]),
                .rollBack(to: "0001", web("v2", "0002")), .run([web("v4", "0004")]),
                .run([worker("v3b", "0003")]),
            ], last: worker("v3b", "0003"), ends: [0, 0, 0, 0, 0, 0, 3, 0]
        ) {
            $0.services = [.init("web"), .init("worker", count: 1)]
            $0.images["v3b"] = ImageScript(version: "0003")
            $0.images["v4"] = ImageScript(version: "0004")
            $0.images["v4"]?.migration = .fails(code: 1, after: 100)
        }
    }()

    /// The migration has ended and the run has not seen it yet, when a person rolls the database back and says so with a ledger
    /// of another machine, whose locks no one here sees.
    private static let undoneMeanwhile: Scenario = {
        let launch = Launch("v2", version: "0002")
        var other = Launch("v1", version: "0001")
        other.ledger = "b"
        return Scenario(
            "undone-meanwhile",
            [.rollBackBeside(launch, after: 5_001, to: "0001", other)], last: launch, ends: [0]
        ) { $0.images["v2"]?.migration = .succeeds(after: 5_000) }
    }()

    /// Each image is migrated for. A run dies before its mark; another ledger releases a later image; then the first one goes
    /// on to that, and back to its own, whose revision gets its mark late.
    private static let imageUnmarked: Scenario = {
        var dying = Launch("v3")
        dying.isLeftDead = true
        var other = Launch("v2")
        other.ledger = "b"
        return Scenario(
            "image-unmarked",
            [.run([dying]), .run([other]), .run([Launch("v2")]), .run([Launch("v3")])], last: Launch("v3"),
            ends: [0, 0, 0, 0]
        ) { $0.images["v2"]?.version = "0003" }
    }()

    /// What a machine has read of a revision's marks outlives its ledger; another one has migrated from that revision since.
    private static let lostBesideCache: Scenario = {
        let old = Launch("v1", version: "0001")
        var other = Launch("v1", version: "0002")
        other.ledger = "b"
        return Scenario(
            "lost-beside-cache",
            [
                .run([old]), .change(tag: "v1", ImageScript(version: "0002")), .run([other]), .lose(ledger: "a"),
                .run([old]),
            ], last: other, ends: [0, 0, 6])
    }()

    /// A fresh machine brings another image with the same schema version, while the migration of the first one's revision runs.
    private static let adoptedByAnotherImage: Scenario = {
        var hasty = Launch("v2", version: "0002")
        hasty.timeout = 1
        let later = Launch("v3", version: "0002")
        return Scenario(
            "adopted-by-another-image", [.run([hasty]), .lose(ledger: "a"), .run([later])], last: later, ends: [5, 0]
        ) {
            $0.images["v2"]?.migration = .succeeds(after: 20_000)
            $0.images["v3"]?.version = "0002"
        }
    }()

    /// A day later ECS knows no token any more, in milliseconds. (ECS API Reference, RunTask, "clientToken".)
    static let forgotten = 90_000_000
}
