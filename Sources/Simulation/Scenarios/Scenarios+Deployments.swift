/// The stories of services whose traffic moves in stages.
extension Scenarios {
    static let ofDeployments = [
        blueGreen, canary, linear, untilBake, overtakesItsBake, alarmInTheBake, alarmAfterTheEnd, rollingAlarm,
        hookFails, hookNeverAnswers, paused, overtakenByOthers, overtakenWhileRolling, contractsAfterTheBake, restarted,
        restartedBlueGreen, failedMeanwhile, restartedLongAgo,
    ]

    private static let v2 = Launch("v2", version: "0002")
    private static let v3 = Launch("v3", version: "0003")

    private static func untilBake(_ tag: String, _ version: String) -> Launch {
        var launch = Launch(tag, version: version)
        launch.until = "BAKE_TIME"
        return launch
    }

    private static func play(
        _ name: String, _ deployment: Landscape.Deployment, _ acts: [Scenario.Act], last: Launch = v3, ends: [Int32],
        landscape change: (inout Landscape) -> Void = { _ in }
    ) -> Scenario {
        Scenario(name, acts, last: last, ends: ends) {
            $0.deployment = deployment
            change(&$0)
        }
    }

    private static let blueGreen = play("blue-green", .blueGreen, [.run([v2]), .run([v3])], ends: [0, 0])
    private static let canary = play("canary", .canary, [.run([v2])], last: v2, ends: [0])
    private static let linear = play("linear", .linear, [.run([v2])], last: v2, ends: [0])

    /// The apply ends when the traffic has moved; the next one judges the rest.
    private static let untilBake = play(
        "until-bake", .blueGreen,
        [
            .run([untilBake("v2", "0002")]), .pass(20_000), .run([untilBake("v2", "0002")]),
            .run([untilBake("v3", "0003")]),
        ],
        ends: [0, 0, 0])

    /// The next release does not wait for the bake of the last one.
    private static let overtakesItsBake = play(
        "overtakes-its-bake", .blueGreen, [.run([untilBake("v2", "0002")]), .run([untilBake("v3", "0003")])],
        ends: [0, 0])

    private static let alarmInTheBake = play(
        "alarm-in-the-bake", .canary, [.run([v2]), .run([v2]), .run([v3])], ends: [4, 4, 0]
    ) { $0.images["v2"]?.alarm = 1_200 }

    /// The apply is over, and the next one finds what became of its deployment.
    private static let alarmAfterTheEnd = play(
        "alarm-after-the-end", .blueGreen,
        [.run([untilBake("v2", "0002")]), .pass(20_000), .run([untilBake("v2", "0002")]), .run([v3])], ends: [0, 4, 0]
    ) { $0.images["v2"]?.alarm = 1_000 }

    private static let rollingAlarm = play(
        "rolling-alarm", .rolling, [.run([v2]), .run([v3])], ends: [4, 0]
    ) {
        $0.watchesAlarm = true
        $0.images["v2"]?.alarm = 900
    }

    private static let hookFails = play(
        "hook-fails", .blueGreen, [.run([v2]), .run([v2]), .run([v3])], ends: [4, 4, 0]
    ) {
        $0.hook = .function
        $0.images["v2"]?.hook = .fails
    }

    private static let hookNeverAnswers = play(
        "hook-never-answers", .blueGreen, [.run([v2]), .run([v3])], ends: [4, 0]
    ) {
        $0.hook = .function
        $0.images["v2"]?.hook = .neverAnswers
    }

    /// The run gives up waiting; a person lets the deployment go on.
    private static let paused: Scenario = {
        var impatient = v2
        impatient.timeout = 6
        return play(
            "paused", .blueGreen, [.run([impatient]), .elsewhere(.letGoOn(service: "web")), .run([v2])], last: v2,
            ends: [5, 0]
        ) { $0.hook = .pause }
    }()

    /// Somebody else deploys what ran before, in the midst of it.
    private static let overtakenByOthers = play(
        "overtaken-by-others", .blueGreen,
        [.beside([v2], after: 6_300, .move(service: "web", to: "shop:1")), .run([v2])], last: v2, ends: [4, 0])

    private static let overtakenWhileRolling = play(
        "overtaken-while-rolling", .rolling,
        [.beside([v2], after: 200, .move(service: "web", to: "shop:1")), .run([v2])], last: v2, ends: [4, 0]
    ) { $0.hasSchema = false }

    /// `schema.after` waits for the end of the bake, whatever the manifest waits for.
    private static let contractsAfterTheBake: Scenario = {
        var launch = untilBake("v2", "0002")
        launch.after = "0009"
        return play("contracts-after-the-bake", .blueGreen, [.run([launch])], last: launch, ends: [0]) {
            $0.images["v2"]?.contraction = "0009"
        }
    }()

    private static let restart: Launch = {
        var launch = v2
        launch.kind = .restart
        return launch
    }()

    private static let restarted = play(
        "restarted", .rolling, [.run([v2]), .run([restart]), .run([v2])], last: v2, ends: [0, 0, 0])

    private static let restartedBlueGreen = play(
        "restarted-blue-green", .blueGreen, [.run([v2]), .run([restart])], last: v2, ends: [0, 0])

    /// A restart was not waited for, and has long ended when the next one is asked for.
    private static let restartedLongAgo: Scenario = {
        var hasty = restart
        hasty.timeout = 1
        return play(
            "restarted-long-ago", .blueGreen, [.run([v2]), .run([hasty]), .pass(60_000), .run([restart])], last: v2,
            ends: [0, 5, 0])
    }()

    /// A deployment was not waited for and has failed; another ledger has released something else since. The first one finds
    /// both: the end of its own step, and the later release.
    private static let failedMeanwhile: Scenario = {
        var hasty = Launch("v2")
        hasty.timeout = 1
        var other = Launch("v3")
        other.ledger = "b"
        return play(
            "failed-meanwhile", .canary, [.run([hasty]), .pass(60_000), .run([other])],
            last: Launch("v3"), ends: [5, 0]
        ) {
            $0.hasSchema = false
            $0.images["v2"]?.alarm = 1_200
        }
    }()
}
