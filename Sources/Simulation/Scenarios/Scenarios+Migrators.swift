/// The stories of migrations that run from a task definition of their own.
extension Scenarios {
    static let ofMigrators = [
        migrator, migratorThatFails, migratorOfLostLedger, migratorOfTwoFamilies, migratorMoved, migratorDeregistered,
        migratorProbed, migratorForgotten,
    ]

    private static let v2 = Launch("v2", version: "0002")
    private static let v3 = Launch("v3", version: "0003")

    private static let migrator = Scenario("migrator", [.run([v2]), .run([v3])], last: v3, ends: [0, 0]) {
        $0.hasMigrator = true
    }

    private static let migratorThatFails = Scenario(
        "migrator-fails", [.run([v2]), .change(tag: "v2", ImageScript(version: "0002")), .run([v2])], last: v2,
        ends: [3, 0]
    ) {
        $0.hasMigrator = true
        $0.images["v2"]?.migration = .fails(code: 1, after: 200)
    }

    /// The marks on its revisions, which no service runs, are all that tells.
    private static let migratorOfLostLedger = Scenario(
        "migrator-lost-ledger", [.run([v2]), .pass(60_000), .lose(ledger: "a"), .run([v2]), .run([v3])], last: v3,
        ends: [0, 0, 0]
    ) { $0.hasMigrator = true }

    private static let migratorOfTwoFamilies = Scenario(
        "migrator-two-families", [.run([v2]), .run([v3])], last: v3, ends: [0, 0]
    ) {
        $0.hasMigrator = true
        $0.services = [.init("web"), .init("worker", family: "shop-worker", count: 1)]
    }

    /// Other code registers a revision of the family between two releases.
    private static let migratorMoved = Scenario(
        "migrator-moved",
        [.run([v2]), .elsewhere(.register(family: Landscape.migrator, tag: "v1")), .run([v2]), .run([v3])], last: v3,
        ends: [0, 0, 0]
    ) { $0.hasMigrator = true }

    /// All its revisions are deregistered, and a new one is registered.
    private static let migratorDeregistered = Scenario(
        "migrator-deregistered",
        [
            .run([v2]), .elsewhere(.deregister(family: Landscape.migrator)),
            .elsewhere(.register(family: Landscape.migrator, tag: "v1")), .run([v3]),
        ], last: v3, ends: [0, 0]
    ) { $0.hasMigrator = true }

    /// The only mark is on a revision that was deregistered, and ECS has forgotten the task.
    private static let migratorForgotten = Scenario(
        "migrator-forgotten",
        [
            .run([v2]), .pass(7_200_000), .elsewhere(.deregister(family: Landscape.migrator)),
            .elsewhere(.register(family: Landscape.migrator, tag: "v1")), .lose(ledger: "a"), .run([v2]), .run([v3]),
        ], last: v3, ends: [0, 0, 0]
    ) { $0.hasMigrator = true }

    /// Its task is cut off: the probe, which runs from the same definition, says that the migration was done.
    private static let migratorProbed: Scenario = {
        var launch = v2
        launch.hasProbe = true
        return Scenario("migrator-probed", [.run([launch])], last: launch, ends: [0]) {
            $0.hasMigrator = true
            $0.images["v2"]?.migration = .vanishes(applied: true, after: 200)
        }
    }()
}
