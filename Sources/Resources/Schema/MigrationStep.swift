import Reconciler

/// An open migration: its intent, and what its records say.
struct MigrationStep: Sendable {
    let intent: Intent
    let order: MigrationOrder
    /// nil if no answer was recorded.
    let receipt: ProgramReceipt?

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
