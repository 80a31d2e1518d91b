import JSON

/// The sandbox's times and bounds. Times in milliseconds. Everything else follows AWS's own numbers.
public struct Limits: Sendable, Equatable {
    /// How long a task is PROVISIONING, PENDING and DEPROVISIONING.
    public var provisioning = 40
    public var pending = 20
    public var deprovisioning = 20
    /// How long a service's task must run to count as healthy.
    public var healthy = 300
    /// The pause after a service's task failed; doubles up to the second.
    public var firstThrottle = 200
    public var lastThrottle = 5_000
    /// How long a deployment that the circuit breaker gave up stays in the list.
    public var failedDeploymentShown = 5_000
    /// How long a stage of a deployment lasts that waits for nothing, and a request to stop or to roll back.
    public var stage = 20
    /// How long a minute of bake times, of hooks' time-outs and of steps of traffic lasts.
    public var minute = 1_000
    /// How long a call and its answer are on their way, together.
    public var latency = 0
    /// How many tasks may live at once; nil is no bound.
    public var capacity: Int?

    public init() {}

    /// How long a stopped task can be described ("at least one hour", ECS API Reference, DescribeTasks).
    static let stoppedTaskKept = 3_600_000
    /// How long a client token lives at most (ECS API Reference, "Ensuring idempotency").
    static let tokenKept = 86_400_000

    /// - Parameter json: the `limits` of `sandbox.json`; what it does not name keeps its default.
    public init(_ json: JSON) {
        func read(_ name: String, into value: inout Int) {
            if let number = json[name]?.integer, number >= 0 { value = number }
        }
        read("provisioning", into: &provisioning)
        read("pending", into: &pending)
        read("deprovisioning", into: &deprovisioning)
        read("healthy", into: &healthy)
        read("firstThrottle", into: &firstThrottle)
        read("lastThrottle", into: &lastThrottle)
        read("failedDeploymentShown", into: &failedDeploymentShown)
        read("stage", into: &stage)
        read("minute", into: &minute)
        read("latency", into: &latency)
        capacity = json["capacity"]?.integer
    }

    var json: JSON {
        .object(dropping: [
            "provisioning": .integer(provisioning), "pending": .integer(pending),
            "deprovisioning": .integer(deprovisioning), "healthy": .integer(healthy),
            "firstThrottle": .integer(firstThrottle), "lastThrottle": .integer(lastThrottle),
            "failedDeploymentShown": .integer(failedDeploymentShown), "stage": .integer(stage),
            "minute": .integer(minute), "latency": .integer(latency), "capacity": capacity.map(JSON.integer),
        ])
    }
}
