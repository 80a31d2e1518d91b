import JSON

/// How a service is rolled out (ECS API Reference, DeploymentConfiguration).
struct DeploymentConfiguration: Sendable, Equatable {
    enum Strategy: String, Sendable, Equatable {
        case rolling = "ROLLING"
        case blueGreen = "BLUE_GREEN"
        case linear = "LINEAR"
        case canary = "CANARY"
    }

    struct Alarms: Sendable, Equatable {
        let names: [String]
        let isEnabled: Bool
        let rollsBack: Bool
    }

    /// (ECS API Reference, DeploymentEarlySuccessCriteria.)
    struct EarlySuccess: Sendable, Equatable {
        let healthyPercent: Int
        /// Whether old tasks are removed only after the deployment has succeeded.
        let isDeferred: Bool
    }

    var strategy = Strategy.rolling
    var minimumHealthyPercent = 100
    var maximumPercent = 200
    var hasCircuitBreaker = false
    var rollsBack = false
    /// In minutes.
    var bakeTime = 0
    var hooks: [LifecycleHook] = []
    var alarms: Alarms?
    var earlySuccess: EarlySuccess?
    /// Of a linear deployment: each step.
    var linear = Shift(percent: 10, minutes: 6)
    /// Of a canary deployment: the first step.
    var canary = Shift(percent: 5, minutes: 10)

    /// So much of the production traffic is shifted, and so many minutes are waited before the next step.
    struct Shift: Sendable, Equatable {
        var percent: Double
        var minutes: Int
    }

    /// The shares of production traffic that are reached one after another, and the minutes after each but the last.
    var shifts: (shares: [Double], minutes: Int) {
        switch strategy {
        case .rolling, .blueGreen: ([100], 0)
        case .canary: ([canary.percent, 100], canary.minutes)
        case .linear:
            (stride(from: linear.percent, to: 100, by: linear.percent).map(\.self) + [100], linear.minutes)
        }
    }

    /// Members that the request does not name keep their values.
    mutating func update(_ input: Input) throws(ECSFault) {
        minimumHealthyPercent = try input.integer("minimumHealthyPercent") ?? minimumHealthyPercent
        maximumPercent = try input.integer("maximumPercent") ?? maximumPercent
        guard minimumHealthyPercent >= 0, maximumPercent > 0 else {
            throw .parameter("Deployment percents must not be negative.")
        }
        guard minimumHealthyPercent < 100 || maximumPercent > 100 else {
            throw .parameter(
                "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.")
        }
        if let breaker = try input.object("deploymentCircuitBreaker") {
            hasCircuitBreaker = try breaker.bool("enable") ?? false
            rollsBack = try breaker.bool("rollback") ?? false
        }
        if let text = try input.string("strategy") {
            guard let strategy = Strategy(rawValue: text) else { throw .parameter("Invalid strategy: \(text)") }
            self.strategy = strategy
        }
        bakeTime = try minutes(input, "bakeTimeInMinutes") ?? bakeTime
        if let hooks = try input.objects("lifecycleHooks") {
            var read: [LifecycleHook] = []
            for hook in hooks { read.append(try LifecycleHook(hook)) }
            self.hooks = read
        }
        if let alarms = try input.object("alarms") {
            self.alarms = Alarms(
                names: try alarms.strings("alarmNames") ?? [], isEnabled: try alarms.bool("enable") ?? false,
                rollsBack: try alarms.bool("rollback") ?? false)
        }
        if let early = try input.object("earlySuccessCriteria") {
            let isEnabled = try early.bool("enable") ?? false
            earlySuccess = EarlySuccess(
                healthyPercent: try early.integer("healthyPercent") ?? 100,
                isDeferred: try early.string("sourceServiceRevisionCleanup") == "DEFERRED")
            if !isEnabled { earlySuccess = nil }
        }
        if let linear = try input.object("linearConfiguration") {
            self.linear.percent = try percent(linear, "stepPercent", atLeast: 3) ?? self.linear.percent
            self.linear.minutes = try minutes(linear, "stepBakeTimeInMinutes") ?? self.linear.minutes
        }
        if let canary = try input.object("canaryConfiguration") {
            self.canary.percent = try percent(canary, "canaryPercent", atLeast: 0.1) ?? self.canary.percent
            self.canary.minutes = try minutes(canary, "canaryBakeTimeInMinutes") ?? self.canary.minutes
        }
        try check()
    }

    private func check() throws(ECSFault) {
        guard strategy == .rolling else {
            if earlySuccess != nil { throw .parameter("earlySuccessCriteria is for the ROLLING strategy only.") }
            return
        }
        if !hooks.isEmpty {
            throw .client("deploymentConfiguration.lifecycleHooks of ROLLING is not modelled by the sandbox.")
        }
    }

    private func minutes(_ input: Input, _ key: String) throws(ECSFault) -> Int? {
        guard let minutes = try input.integer(key) else { return nil }
        guard (0...1_440).contains(minutes) else { throw .parameter("\(key) must be 0 to 1440.") }
        return minutes
    }

    private func percent(_ input: Input, _ key: String, atLeast least: Double) throws(ECSFault) -> Double? {
        guard let percent = try input.number(key) else { return nil }
        guard percent >= least, percent <= 100 else { throw .parameter("\(key) must be \(least) to 100.") }
        return percent
    }

    var json: JSON {
        .object(dropping: [
            "deploymentCircuitBreaker": ["enable": .bool(hasCircuitBreaker), "rollback": .bool(rollsBack)],
            "maximumPercent": .integer(maximumPercent), "minimumHealthyPercent": .integer(minimumHealthyPercent),
            "strategy": .string(strategy.rawValue), "bakeTimeInMinutes": .integer(bakeTime),
            "lifecycleHooks": hooks.isEmpty ? nil : .array(hooks.map(\.json)),
            "alarms": alarms.map {
                [
                    "alarmNames": JSON($0.names), "enable": .bool($0.isEnabled), "rollback": .bool($0.rollsBack),
                ]
            },
            "earlySuccessCriteria": earlySuccess.map {
                [
                    "enable": true, "healthyPercent": .integer($0.healthyPercent),
                    "sourceServiceRevisionCleanup": $0.isDeferred ? "DEFERRED" : "BLOCKING",
                ]
            },
            "linearConfiguration": strategy != .linear
                ? nil : ["stepPercent": .double(linear.percent), "stepBakeTimeInMinutes": .integer(linear.minutes)],
            "canaryConfiguration": strategy != .canary
                ? nil
                : ["canaryPercent": .double(canary.percent), "canaryBakeTimeInMinutes": .integer(canary.minutes)],
        ])
    }

    /// How many failures in a row trip the circuit breaker.
    /// (ECS Developer Guide, "Amazon ECS deployment circuit breaker": half the desired count, 3 to 200.)
    static func threshold(desiredCount: Int) -> Int { min(200, max(3, (desiredCount + 1) / 2)) }
}
