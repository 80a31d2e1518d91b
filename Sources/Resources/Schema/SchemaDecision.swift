import Reconciler

/// What follows for a schema when a person has decided how its migration ended.
public enum SchemaDecision {
    public static func facts(_ intent: Intent, _ verdict: Resolution.Verdict) -> [Fact] {
        guard let step = MigrationStep(intent), let subject = intent.subject else { return [] }
        switch verdict {
        case .succeeded: return MigrationFacts.succeeded(step.order, subject: subject)
        case .failed, .rerun:
            return MigrationFacts.failed(step.order, subject: subject, task: step.program)
        }
    }
}

/// What the ledger keeps of a migration that has ended.
enum MigrationFacts {
    /// - Parameter version: where the database is by its own word; nil for what the intent is about.
    static func succeeded(_ order: MigrationOrder, subject: String, at version: String? = nil) -> [Fact] {
        [
            Fact(subject, FactName.version, version ?? order.version),
            Fact(subject, FactName.migratedFrom, order.revision),
        ]
    }

    /// The attempt counts: the next one has another token.
    static func failed(_ order: MigrationOrder, subject: String, task: String) -> [Fact] {
        [Fact(subject, FactName.failed(order.identity), task)]
    }
}
