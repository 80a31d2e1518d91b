import JSON

/// What the model wants done in the world. A driver does it and reports back with a ``ProcessEvent``.
public enum Effect: Sendable, Equatable {
    /// Start a container's process. It is reported as started and later as exited, or as not startable.
    case start(ContainerLaunch)
    /// End a container's process: ask it to, and kill it when `timeout` milliseconds have passed.
    case stop(ContainerKey, timeout: Int)
    /// Call the function of a lifecycle hook. What it answers is reported with ``ECSModel/report(_:of:at:)``.
    case invoke(HookCall)
}

/// One call of a lifecycle hook's function.
public struct HookCall: Sendable, Equatable {
    /// Of the hook.
    public let id: String
    /// The function's ARN.
    public let function: String
    public let payload: JSON
}

/// What a lifecycle hook's function answers (ECS Developer Guide, "Lifecycle hooks for Amazon ECS service deployments":
/// `hookStatus` and `callBackDelay`).
public enum HookAnswer: Sendable, Equatable {
    case succeeded
    case failed
    /// It is to be called again after so many seconds.
    case inProgress(seconds: Int)

    /// - Parameter json: what the function has returned. All but the three words is a failure.
    public init(_ json: JSON) {
        switch json["hookStatus"]?.string {
        case "SUCCEEDED": self = .succeeded
        case "IN_PROGRESS": self = .inProgress(seconds: json["callBackDelay"]?.integer ?? 30)
        default: self = .failed
        }
    }
}

/// One start of one container. A restarted container has the next attempt's key, so that late news of the attempt before
/// it change nothing.
public struct ContainerKey: Sendable, Hashable {
    public let cluster: String
    public let task: String
    public let container: String
    public let attempt: Int

    public init(cluster: String, task: String, container: String, attempt: Int) {
        self.cluster = cluster
        self.task = task
        self.container = container
        self.attempt = attempt
    }
}

/// All that a runner needs to start a container.
public struct ContainerLaunch: Sendable, Equatable {
    public struct Variable: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public internal(set) var key: ContainerKey
    /// The reference as the task definition has it.
    public let image: String
    /// nil: the image's own entry point.
    public let entryPoint: [String]?
    /// nil: the image's own command.
    public let command: [String]?
    /// In the order of the definition; a name occurs once.
    public let environment: [Variable]
    /// The task's own loopback address.
    public let address: String
    /// Where its output goes; nil where the definition names no log.
    public let log: LogStreamName?
    /// Milliseconds from the request to end to the kill.
    public let stopTimeout: Int
}

/// A log stream of a group.
public struct LogStreamName: Sendable, Hashable {
    public let group: String
    public let stream: String

    public init(group: String, stream: String) {
        self.group = group
        self.stream = stream
    }
}

/// What a runner tells of a container that it was asked to start.
public enum ProcessEvent: Sendable, Equatable {
    /// - Parameter imageDigest: `sha256:...` of the image that was resolved.
    case started(ContainerKey, imageDigest: String)
    /// - Parameter code: the exit code; for a signal 128 and its number.
    case exited(ContainerKey, code: Int)
    /// - Parameter reason: begins with the name of the error, such as `CannotPullContainerError`.
    case couldNotStart(ContainerKey, reason: String)
    /// Its host is gone, and with it all news of how it ended.
    case vanished(ContainerKey)

    public var key: ContainerKey {
        switch self {
        case .started(let key, _), .exited(let key, _), .couldNotStart(let key, _), .vanished(let key): key
        }
    }
}
