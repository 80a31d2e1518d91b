/// The stories of two environments with one database and families of their own, which is rolled back.
extension Scenarios {
    static let ofRollBacks = [
        undoneInBoth, undoneAgain, undoneUntoldElsewhere, undoneDeregistered, undoneBehind, undoneAndRedone, foundAgain,
    ]

    /// The launches of both environments.
    private static func both(_ tag: String, _ version: String, ledger: String = "a") -> (web: Launch, worker: Launch) {
        var (web, worker) = (Launch(tag, version: version), Launch(tag, version: version))
        (web.environment, web.service, web.ledger) = ("shop-web", "web", ledger)
        (worker.environment, worker.service, worker.ledger) = ("shop-worker", "worker", ledger)
        return (web, worker)
    }

    private static func play(_ name: String, _ acts: [Scenario.Act], last: Launch, ends: [Int32]) -> Scenario {
        Scenario(name, acts, last: last, ends: ends) {
            $0.services = [.init("web"), .init("worker", family: "shop-worker", count: 1)]
        }
    }

    /// A roll-back is declared once each; then the ledger is lost.
    private static let undoneInBoth: Scenario = {
        let (web, worker) = both("v2", "0002")
        return play(
            "undone-in-both",
            [
                .run([web]), .run([worker]), .rollBack(to: "0001", web), .rollBack(to: "0001", worker),
                .pass(forgotten), .lose(ledger: "a"), .run([web]), .run([worker]),
            ], last: worker, ends: [0, 0, 0, 0])
    }()

    /// The same, declared once more in the first environment, and the ledger that comes then begins with the second one.
    private static let undoneAgain: Scenario = {
        let (web, worker) = both("v2", "0002")
        return play(
            "undone-again",
            [
                .run([web]), .run([worker]), .rollBack(to: "0001", web), .rollBack(to: "0001", worker),
                .pass(2_000), .rollBack(to: "0001", web), .pass(forgotten), .lose(ledger: "a"), .run([worker]),
                .run([web]),
            ], last: web, ends: [0, 0, 0, 0])
    }()

    /// AWS does not take the marks of a declaration. The next apply of that environment sets them in both families, although
    /// nothing else is to be done.
    private static let undoneUntoldElsewhere: Scenario = {
        let (web, worker) = both("v2", "0002")
        var old = both("v1", "0001")
        (old.web.acceptsNewer, old.worker.acceptsNewer) = (true, true)
        return play(
            "undone-unmarked-elsewhere",
            [
                .run([web]), .run([worker]), .run([old.web]), .run([old.worker]),
                .rollBack(to: "0001", web, isTold: false), .run([old.web]), .pass(forgotten), .lose(ledger: "a"),
                .run([worker]), .run([web]),
            ], last: web, ends: [0, 0, 0, 0, 0, 0, 0])
    }()

    /// All revisions of the second family are deregistered, and its service goes on with the last of them.
    private static let undoneDeregistered: Scenario = {
        let (web, worker) = both("v2", "0002")
        return play(
            "undone-deregistered",
            [
                .run([web]), .run([worker]), .elsewhere(.deregister(family: "shop-worker")), .rollBack(to: "0001", web),
                .pass(forgotten), .lose(ledger: "a"), .run([worker]), .run([web]),
            ], last: web, ends: [0, 0, 0, 0])
    }()

    /// A mark of the first environment is still to be set when the database is rolled back once more, with another ledger:
    /// what sets it must not take that declaration back.
    private static let undoneBehind: Scenario = {
        let (web, worker) = both("v2", "0002")
        let other = both("v2", "0002", ledger: "b")
        return play(
            "undone-behind",
            [
                .run([web]), .run([worker]), .rollBack(to: "0001", web), .run([worker]), .pass(2_000),
                .rollBack(to: "0001", other.web), .rollBack(to: "0001", other.worker), .pass(2_000), .run([web]),
                .run([worker]),
            ], last: worker, ends: [0, 0, 0, 0, 0])
    }()

    /// A version is taken back, and then brought in again by hand. The one before it is still the older one, although only
    /// what has happened orders them.
    private static let undoneAndRedone: Scenario = {
        var (second, third) = (Launch("v2", version: "0002"), Launch("v3", version: "0003"))
        (second.isOpaque, third.isOpaque) = (true, true)
        return Scenario(
            "undone-and-redone",
            [
                .run([second]), .run([third]), .rollBack(to: "0002", third), .pass(2_000),
                .rollBack(to: "0003", third), .run([second]),
            ], last: third, ends: [0, 0, 6])
    }()

    /// An image from before comes with a newer version: its revision keeps its number. A new ledger cannot tell which version
    /// came last, and takes neither for the older one.
    private static let foundAgain: Scenario = {
        var (second, third) = (Launch("v2", version: "0002"), Launch("v1", version: "0003"))
        (second.isOpaque, third.isOpaque) = (true, true)
        return Scenario(
            "found-again",
            [
                .run([second]), .pass(5_000), .change(tag: "v1", ImageScript(version: "0003")), .run([third]),
                .pass(forgotten), .lose(ledger: "a"), .run([second]),
            ], last: third, ends: [0, 0, 6])
    }()
}
