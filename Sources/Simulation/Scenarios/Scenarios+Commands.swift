/// The stories of one-off commands next to releases.
extension Scenarios {
    static let ofCommands = [
        command, commandThatFails, commandThatVanishes, commandAndRelease, detachedCommand, resumedCommand,
        commandFoundLate, commandUndated, commandBeside, commandOfAnotherLedger,
    ]

    private static let release2 = Launch("v2", version: "0002")

    static let command = Scenario("command", [.run([Launch(Errand("tidy"))])], last: release2, ends: [0])

    private static let commandThatFails = Scenario(
        "command-fails", [.run([Launch(Errand("tidy", .exits(7)))]), .run([Launch(Errand("tidy", .exits(7)))])],
        last: release2, ends: [3, 3])

    private static let commandThatVanishes = Scenario(
        "command-vanishes", [.run([Launch(Errand("tidy", .vanishes))])], last: release2, ends: [6])

    /// Both want the database for themselves, and wait for each other.
    private static let commandAndRelease: Scenario = {
        var (errand, release) = (Launch(Errand("tidy", lasts: 2_000)), release2)
        (errand.lockPatience, release.lockPatience) = (600, 600)
        return Scenario("command-and-release", [.run([errand, release])], last: release2, ends: [0, 0])
    }()

    /// No one waits for it; no migration and no other command begins next to it, and the next command tells its end.
    private static let detachedCommand: Scenario = {
        var errand = Errand("tidy", lasts: 50_000)
        errand.isDetached = true
        return Scenario(
            "command-detached",
            [
                .run([Launch(errand)]), .run([release2]), .run([Launch(Errand("other"))]), .pass(60_000),
                .run([Launch(Errand("other"))]),
            ], last: release2, ends: [0, 75, 75, 0])
    }()

    /// The run gives up waiting; the same command goes on with it.
    private static let resumedCommand: Scenario = {
        let errand = Errand("tidy", lasts: 5_000)
        return Scenario(
            "command-resumed", [.run([Launch(errand, timeout: 1)]), .run([Launch(errand)])], last: release2,
            ends: [5, 0])
    }()

    /// A dead run's command is asked for again when ECS has forgotten it.
    private static let commandFoundLate: Scenario = {
        var dying = Launch(Errand("tidy"))
        dying.isLeftDead = true
        return Scenario(
            "command-found-late", [.run([dying]), .pass(7_200_000), .run([Launch(Errand("tidy"))])], last: release2,
            ends: [0, 0])
    }()

    /// A run dies in which AWS's time was not known: others may not take its command for one that begins, for ever.
    private static let commandUndated: Scenario = {
        var dying = Launch(Errand("tidy"))
        (dying.isLeftDead, dying.datesOff, dying.environment) = (true, -7_200, "shop-tidy")
        return Scenario("command-undated", [.run([dying]), .run([release2])], last: release2, ends: [0, 0])
    }()

    /// Of the migration that another ledger knows of only its task tells.
    private static let commandOfAnotherLedger: Scenario = {
        var (hasty, last) = (release2, release2)
        (hasty.timeout, hasty.ledger, last.ledger) = (1, "b", "b")
        return Scenario(
            "command-of-another-ledger",
            [.run([hasty]), .run([Launch(Errand("tidy"))]), .pass(120_000), .run([last])], last: last, ends: [5, 75, 0]
        ) { $0.images["v2"]?.migration = .succeeds(after: 50_000) }
    }()

    static let commandBeside: Scenario = {
        var errand = Errand("report", lasts: 2_000)
        errand.isAlone = false
        return Scenario("command-beside", [.run([Launch(errand), release2])], last: release2, ends: [0, 0])
    }()
}
