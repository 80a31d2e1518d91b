import JSON

/// A container of a task.
struct ContainerRecord: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case waiting
        /// The runner was asked to start it and has not answered.
        case launching
        case running
        case stopped
    }

    let arn: String
    let isEssential: Bool
    let restartPolicy: RestartPolicy?
    var launch: ContainerLaunch
    var state = State.waiting
    var startedAt: Int?
    /// nil where the container never ran: never to be shown as 0.
    var exitCode: Int?
    var reason: String?
    var imageDigest: String?
    var runtimeID: String?
    var restarts = 0

    var name: String { launch.key.container }
    var hasProcess: Bool { state == .launching || state == .running }

    var lastStatus: String {
        switch state {
        case .waiting, .launching: "PENDING"
        case .running: "RUNNING"
        case .stopped: "STOPPED"
        }
    }
}

/// Whether a container that ended is started again (ECS API Reference, ContainerRestartPolicy).
struct RestartPolicy: Sendable, Equatable {
    let ignoredExitCodes: [Int]
    /// How long it must have run, in milliseconds.
    let attemptPeriod: Int

    init?(_ json: JSON?) {
        guard let json, json["enabled"]?.bool == true else { return nil }
        ignoredExitCodes = json["ignoredExitCodes"]?.elements.compactMap(\.integer) ?? []
        attemptPeriod = (json["restartAttemptPeriod"]?.integer ?? 300) * 1_000
    }

    /// A container that did not run for the period "exits early and will not be restarted".
    func restarts(exitCode: Int, ranFor milliseconds: Int) -> Bool {
        !ignoredExitCodes.contains(exitCode) && milliseconds >= attemptPeriod
    }
}
