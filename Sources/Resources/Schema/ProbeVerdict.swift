import Base
import JSON
import Reconciler

/// What a probe's answer says about a migration whose end no one saw.
enum ProbeVerdict {
    /// - Parameter failure: what is not known without the answer.
    static func judge(
        _ answer: ProbeAnswer, _ step: MigrationStep, _ failure: Failure, subject: String
    ) -> Settlement {
        let version = step.order.version
        switch answer {
        case .unreadable(let why): return .indeterminate(failure.adding("the probe: \(why)"))
        // Whatever the manifest wants by now: this one was to bring the image's digest, which no database knows.
        case .version(let found, _) where step.order.isImage:
            return .indeterminate(failure.adding("the probe: the database is at \(found), which names no image"))
        case .version(let found, isDirty: true):
            return .indeterminate(failure.adding("the probe: the database is at \(found), and dirty"))
        case .version(version, isDirty: false):
            return .succeeded(
                evidence: ["summary": .string("the probe found \(version)")],
                facts: MigrationFacts.succeeded(step.order, subject: subject))
        case .version(let found, isDirty: false):
            let failed = Failure(
                .migrationFailed, "the migration was cut off, and the database is at \(found)",
                of: step.intent.resource,
                hint: "fix what the cause names, then run the same command again: no service was moved",
                cause: failure.cause)
            return .failed(
                failed, evidence: [:],
                facts: MigrationFacts.failed(step.order, subject: subject, task: step.program))
        }
    }
}

extension Failure {
    fileprivate func adding(_ line: String) -> Failure { with { $0.cause.insert(line, at: 0) } }
}
