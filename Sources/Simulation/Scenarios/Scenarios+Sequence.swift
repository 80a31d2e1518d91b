/// The stories of releases that have a place in an order.
extension Scenarios {
    static let ofSequence = [
        lateRelease, lateLost, newerFindsItInPlace, newerFoundLost, goneBack, besideNewer, cutOffNewest,
    ]

    private static func release(_ number: Int, _ tag: String) -> Launch {
        var launch = Launch(tag)
        launch.sequence = number
        return launch
    }

    private static func play(_ name: String, _ acts: [Scenario.Act], last: Launch, ends: [Int32]) -> Scenario {
        Scenario(name, acts, last: last, ends: ends) { $0.hasSchema = false }
    }

    /// A run of an older commit was held up.
    private static let lateRelease = play(
        "late-release", [.run([release(3, "v3")]), .run([release(2, "v2")])], last: release(3, "v3"), ends: [0, 6])

    /// The same on a fresh machine.
    private static let lateLost = play(
        "late-release-lost", [.run([release(3, "v3")]), .lose(ledger: "a"), .run([release(2, "v2")])],
        last: release(3, "v3"), ends: [0, 6])

    /// The newest commit takes the one before back, whose run was held up.
    private static let newerFindsItInPlace = play(
        "newer-finds-it-in-place",
        [.run([release(2, "v2")]), .run([release(4, "v2")]), .run([release(3, "v3")])], last: release(4, "v2"),
        ends: [0, 0, 6])

    private static let newerFoundLost = play(
        "newer-finds-it-in-place-lost",
        [.run([release(2, "v2")]), .run([release(4, "v2")]), .lose(ledger: "a"), .run([release(3, "v3")])],
        last: release(4, "v2"), ends: [0, 0, 6])

    /// The newest release is cut off somewhere, an older one is refused, and then the newest is run once more.
    private static let cutOffNewest: Scenario = {
        var dying = release(4, "v2")
        dying.isLeftDead = true
        return play(
            "late-release-cut-off",
            [
                .run([release(2, "v2")]), .run([dying]), .run([release(3, "v3")]), .run([release(4, "v2")]),
                .lose(ledger: "a"), .run([release(3, "v3")]),
            ], last: release(4, "v2"), ends: [0, 0, 6, 0, 6])
    }()

    private static let goneBack: Scenario = {
        var older = release(2, "v2")
        older.allowsOlder = true
        return play(
            "gone-back", [.run([release(3, "v3")]), .run([older]), .run([release(2, "v2")])], last: older,
            ends: [0, 0, 0])
    }()

    /// Both at once: the newer one is first, and the other one is too late.
    private static let besideNewer: Scenario = {
        var (older, newer) = (release(2, "v2"), release(3, "v3"))
        (older.lockPatience, newer.lockPatience) = (600, 600)
        return play("beside-newer", [.run([older, newer])], last: newer, ends: [6, 0])
    }()
}
