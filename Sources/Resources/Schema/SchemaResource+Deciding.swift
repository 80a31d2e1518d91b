import Base
import Ledger
import Reconciler

/// What a person may decide of a migration.
extension SchemaResource: Decidable {
    func needsDecision(_ order: SchemaOrder) -> Bool { if case .migrate = order { true } else { false } }

    func underWay(_ step: Step, in context: Context) async throws(Failure) -> UnderWay? {
        guard let migration = MigrationStep(step), let state = try await use.state(of: step.intent, in: context) else {
            return nil
        }
        return UnderWay(
            migration.order.runner.kind.noun, state, program: migration.program,
            mayNotExist: state == OneOffTasks.perhapsStarting, way: migration.order.runner.kind.canStop ? .stop : .none)
    }

    func shownEnd(_ step: Step, in context: Context) async throws(Failure) -> ShownEnd? {
        guard let migration = MigrationStep(step) else { return nil }
        switch try await runners[migration].look(migration, in: context.silent) {
        case .ended(let end):
            // What a mark contradicts proves nothing: a person decides.
            if try await contradiction(migration, end) != nil { return nil }
            return switch verdict(on: end, of: migration) {
            case .succeeded: shown(true, "\(end.who) ended with exit code 0")
            case .failed(let failure, _): shown(false, failure.summary)
            case .undecided: nil
            }
        case .closing(let end):
            // What the log will say, or that it cannot be read, may make a success doubtful, and a failure no success.
            guard case .failed(let failure, _) = verdict(on: end, of: migration) else { return nil }
            return shown(false, failure.summary)
        case .running, .unanswered, .gone: return nil
        }
    }

    private func shown(_ isSuccess: Bool, _ summary: String) -> ShownEnd {
        ShownEnd(
            isSuccess: isSuccess, summary,
            advice: "; if the database is at another version then, declare it: "
                + "reconcile resolve MANIFEST \(id) --at VERSION --reason TEXT")
    }

    func checkStop(of step: Step, in context: Context) async throws(Failure) {
        guard let migration = MigrationStep(step) else { throw unexpected("a stop") }
        try await runners[migration].checkStop(of: migration, in: context)
    }

    func stop(_ step: Step, reason: String, in context: Context) async throws(Failure) -> String {
        guard let migration = MigrationStep(step) else { throw unexpected("a stop") }
        return
            "\(try await runners[migration].stop(migration, reason: reason, in: context)); the next apply looks at how it ended"
    }

    func facts(of step: Step, after verdict: Verdict) -> [Fact] {
        guard let migration = MigrationStep(step), let subject = step.intent.subject else { return [] }
        switch verdict {
        case .succeeded: return MigrationFacts.succeeded(migration.order, subject: subject)
        case .failed, .rerun:
            return MigrationFacts.failed(migration.order, subject: subject, task: migration.program)
        }
    }
}
