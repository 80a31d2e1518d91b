import Reconciler

/// What follows for a schema when a person has decided how its migration ended.
public enum SchemaDecision {
    public static func facts(_ intent: Intent, _ verdict: Resolution.Verdict) -> [Fact] {
        guard intent.action == .migrate, let subject = intent.payload["subject"]?.string else { return [] }
        switch verdict {
        case .succeeded: return MigrationFacts.succeeded(intent, subject: subject)
        case .failed, .rerun:
            return MigrationFacts.failed(intent, subject: subject, task: intent.program)
        }
    }
}

/// What the ledger keeps of a migration that has ended.
enum MigrationFacts {
    /// - Parameter version: where the database is by its own word; nil for what the intent is about.
    static func succeeded(_ intent: Intent, subject: String, at version: String? = nil) -> [Fact] {
        [
            Fact(subject: subject, name: FactName.version, value: version ?? intent.payload["version"]?.string ?? ""),
            Fact(subject: subject, name: FactName.migratedFrom, value: intent.payload["revision"]?.string ?? ""),
        ]
    }

    /// The attempt counts: the next one has another token.
    static func failed(_ intent: Intent, subject: String, task: String) -> [Fact] {
        [Fact(subject: subject, name: FactName.failed(intent.payload["identity"]?.string ?? ""), value: task)]
    }
}
