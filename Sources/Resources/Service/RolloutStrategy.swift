import JSON

/// How ECS rolls a service out, as its deployment configuration says (ECS API Reference, DeploymentConfiguration).
struct RolloutStrategy: Sendable, Equatable {
    /// `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`, or a later word.
    let name: String
    /// The bake at the end.
    let bake: Duration
    /// What it takes at least, besides the start of tasks: its bakes. Hooks are not among it: how long a person takes is not
    /// known.
    let least: Duration
    /// Whether its deployment has to be watched: what DescribeServices lists of it does not tell how far it is.
    let isWatched: Bool

    init(_ configuration: JSON?) {
        name = configuration?["strategy"]?.string ?? "ROLLING"
        bake = Self.minutes(configuration?["bakeTimeInMinutes"])
        var steps = Duration.zero
        switch name {
        case "CANARY":
            steps = Self.minutes(configuration?["canaryConfiguration"]?["canaryBakeTimeInMinutes"], otherwise: 10)
        case "LINEAR":
            let linear = configuration?["linearConfiguration"]
            let percent = max(linear?["stepPercent"]?.double ?? 10, 0.1)
            // The last step brings the traffic to 100 percent, and is not followed by a bake of its own.
            let count = (100 / percent).rounded(.up) - 1
            steps = Self.minutes(linear?["stepBakeTimeInMinutes"], otherwise: 6) * Int(count)
        default: break
        }
        least = bake + steps
        let isEnabled: (String) -> Bool = { configuration?[$0]?["enable"]?.bool ?? false }
        isWatched =
            name != "ROLLING" || bake > .zero || isEnabled("alarms") || isEnabled("earlySuccessCriteria")
            || configuration?["lifecycleHooks"]?.elements.isEmpty == false
    }

    /// Whether traffic moves in stages.
    var hasStages: Bool { name != "ROLLING" }

    private static func minutes(_ json: JSON?, otherwise: Int = 0) -> Duration {
        // (ECS API Reference, DeploymentConfiguration: at most 1440.)
        .seconds(60 * min(max(json?.integer ?? otherwise, 0), 1_440))
    }
}
