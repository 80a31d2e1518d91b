/// How often calls may be made without being throttled: for each family of operations a bucket of tokens that refills
/// steadily, with the sizes that AWS publishes for an account and region.
/// (Amazon ECS API Reference, "Request throttling for the Amazon ECS API"; Amazon CloudWatch Logs User Guide, "Quotas".)
///
/// It also keeps many waits at once below the limit: each has at most one call in the queue, so N waits delay a call by at most
/// N calls, N / 20 s for tasks. Mutating calls have buckets of their own.
///
/// A call takes a token and waits until there is one. Other users of the account are not counted, so AWS may throttle all the
/// same: the bucket is then taken to be empty, and the call is made again (``ReadPatience``).
public actor CallBudget {
    /// A bucket: how many calls at once, and how many a second in the long run.
    struct Bucket: Sendable, Equatable {
        let name: String
        let burst: Double
        let perSecond: Double
    }

    private let elapsed: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private var levels: [String: (tokens: Double, at: Duration)] = [:]

    /// - Parameters:
    ///   - elapsed: monotonic time.
    ///   - sleep: returns after that time, or throws where the task is cancelled.
    public init(
        elapsed: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.elapsed = elapsed
        self.sleep = sleep
    }

    /// Waits until the budget allows a call. Calls of one family are let through in the order in which they asked.
    ///
    /// - Parameter operation: such as `ecs:RunTask`.
    /// - Throws: what `sleep` throws where the wait was cut short.
    func take(_ operation: String) async throws {
        let pause = reserve(operation)
        if pause > .zero { try await sleep(pause) }
    }

    /// Takes a token, if need be one that is not there yet.
    ///
    /// - Returns: how long it takes until it is.
    func reserve(_ operation: String) -> Duration {
        guard let bucket = Self.bucket(of: operation) else { return .zero }
        let now = elapsed()
        var level = levels[bucket.name] ?? (tokens: bucket.burst, at: now)
        level.tokens = min(bucket.burst, level.tokens + (now - level.at).inSeconds * bucket.perSecond) - 1
        level.at = now
        levels[bucket.name] = level
        return level.tokens >= 0 ? .zero : .seconds(-level.tokens / bucket.perSecond)
    }

    /// Empties the bucket of an operation after AWS has throttled it: other clients of the account use it, too.
    func drain(_ operation: String) {
        guard let bucket = Self.bucket(of: operation), var level = levels[bucket.name] else { return }
        level.tokens = min(level.tokens, 0)
        levels[bucket.name] = level
    }

    static func bucket(of operation: String) -> Bucket? {
        switch operation {
        case "ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition":
            Bucket(name: "task definition modify", burst: 20, perSecond: 1)
        case "ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions":
            Bucket(name: "task definition read", burst: 50, perSecond: 20)
        case "ecs:RunTask", "ecs:StopTask": Bucket(name: "cluster resource modify", burst: 100, perSecond: 40)
        case "ecs:DescribeTasks", "ecs:ListTasks": Bucket(name: "cluster resource read", burst: 100, perSecond: 20)
        case "ecs:UpdateService": Bucket(name: "service modify", burst: 50, perSecond: 5)
        case "ecs:DescribeServices": Bucket(name: "service read", burst: 100, perSecond: 20)
        case "ecs:DescribeServiceDeployments", "ecs:ListServiceDeployments":
            Bucket(name: "service deployment", burst: 50, perSecond: 20)
        case "ecs:DescribeServiceRevisions": Bucket(name: "service revision", burst: 50, perSecond: 20)
        // The least that is published for any region; most have 25.
        case "logs:GetLogEvents": Bucket(name: "log events", burst: 10, perSecond: 10)
        case "ecs:TagResource": Bucket(name: "tag modify", burst: 20, perSecond: 10)
        default: nil
        }
    }
}

extension Duration {
    fileprivate var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
