/// The stories of a rule that starts tasks of the services' definitions, and that moves after them.
extension Scenarios {
    static let ofSchedules = [scheduled, scheduledTwice, scheduledContraction, scheduledHeldBack]

    private static let second = Launch("v2", version: "0002")

    private static let scheduled = Scenario("schedule", [.run([second])], last: second, ends: [0]) {
        $0.hasSchedule = true
    }

    private static let scheduledTwice: Scenario = {
        let third = Launch("v3", version: "0003")
        return Scenario("schedule-twice", [.run([second]), .run([third])], last: third, ends: [0, 0]) {
            $0.hasSchedule = true
            $0.services = [.init("web"), .init("worker", family: "shop-worker", count: 1)]
        }
    }()

    /// What old code does not survive waits for the rule as well.
    private static let scheduledContraction: Scenario = {
        var launch = second
        launch.after = "0003"
        return Scenario("schedule-contraction", [.run([launch])], last: launch, ends: [0]) {
            $0.hasSchedule = true
            $0.images["v2"]?.contraction = "0003"
        }
    }()

    /// The rollout is given up: the rule goes on with the old code, as the service does.
    private static let scheduledHeldBack = Scenario("schedule-held-back", [.run([second])], last: second, ends: [4]) {
        $0.hasSchedule = true
        $0.images["v2"]?.app = .crashes(after: 50)
    }
}
