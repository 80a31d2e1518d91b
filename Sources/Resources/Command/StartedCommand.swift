import Base
import Manifest
import Reconciler

/// A command that was started once, as a person decides on it.
struct StartedCommand: Decidable {
    typealias Order = CommandStepOrder
    typealias Receipt = TaskReceipt

    let subject: String
    let tasks: OneOffTasks

    var id: ResourceID { tasks.id }

    func needsDecision(_ order: CommandStepOrder) -> Bool { order != .stop }

    func underWay(_ step: Step, in context: Context) async throws(Failure) -> UnderWay? {
        guard let command = CommandStep(step), let state = try await tasks.state(of: command, in: context) else {
            return nil
        }
        return UnderWay(
            RunnerKind.ecsTask.noun, state, program: command.receipt?.arn ?? "unknown",
            mayNotExist: state == OneOffTasks.perhapsStarting)
    }

    func checkStop(of step: Step, in context: Context) async throws(Failure) {
        try await tasks.checkStop(of: step.receipt)
    }

    func stop(_ step: Step, reason: String, in context: Context) async throws(Failure) -> String {
        try await tasks.stop(step.receipt, reason: reason)
        return "its task is asked to stop; the next run looks at how it ended"
    }
}
