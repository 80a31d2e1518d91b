import AWS
import Ledger
import Reconciler

/// An open migration: its intent, and what its records say.
struct MigrationStep: Sendable {
    let intent: Intent
    let order: MigrationOrder
    /// nil if no answer was recorded.
    let receipt: ProgramReceipt?
    /// How its task is launched: what was planned, whatever its service is by now. nil where nothing is to be started.
    var launch: LaunchSettings?

    init?(_ step: Pending<SchemaOrder, ProgramReceipt>) {
        guard case .migrate(let order) = step.order else { return nil }
        intent = step.intent
        self.order = order
        receipt = step.receipt
    }

    /// nil for what is not one, or cannot be read.
    init?(_ intent: Intent) {
        guard let step = Pending<SchemaOrder, ProgramReceipt>(intent) else { return nil }
        self.init(step)
    }

    /// What its program is known by.
    var program: String { receipt?.program ?? "unknown" }

    /// The task that it has started, if it runs as one.
    var task: TaskReceipt? { if case .task(let receipt)? = receipt { receipt } else { nil } }
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
