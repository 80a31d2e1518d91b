import JSON

/// A lifecycle hook of one stage of one service deployment (ECS API Reference, DeploymentLifecycleHookDetail).
struct HookRecord: Sendable, Equatable {
    enum Status: String, Sendable, Equatable {
        case awaitingAction = "AWAITING_ACTION"
        case inProgress = "IN_PROGRESS"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case timedOut = "TIMED_OUT"

        var isOpen: Bool { self == .awaitingAction || self == .inProgress }
    }

    let id: String
    let hook: LifecycleHook
    let expiresAt: Int
    var status: Status
    /// When its function is invoked again, because it has answered that it is not done.
    var invokedAgainAt: Int?

    init(_ hook: LifecycleHook, id: String, at now: Int, minute: Int) {
        self.id = id
        self.hook = hook
        status = hook.function == nil ? .awaitingAction : .inProgress
        expiresAt = now + hook.timeoutInMinutes * minute
    }

    var changes: [Int] { status.isOpen ? [expiresAt] + [invokedAgainAt].compactMap(\.self) : [] }

    /// Whether the stage may end as far as this hook goes. `CONTINUE` at the time-out is as good as an answer.
    var lets: Bool { status == .succeeded || status == .timedOut && !hook.rollsBackAtTimeout }

    var rollsBack: Bool { status == .failed || status == .timedOut && hook.rollsBackAtTimeout }

    var json: JSON {
        .object(dropping: [
            "hookId": .string(id), "targetType": hook.function == nil ? "PAUSE" : "AWS_LAMBDA",
            "targetArn": hook.function.map(JSON.string), "status": .string(status.rawValue),
            "expiresAt": .seconds(expiresAt), "timeoutAction": hook.rollsBackAtTimeout ? "ROLLBACK" : "CONTINUE",
        ])
    }
}
