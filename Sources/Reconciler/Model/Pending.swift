import Base
import Ledger

/// An open intent of one kind: what was ordered, and what the server answered, if it did.
public struct Pending<Order: Record, Receipt: Record>: Sendable, Equatable {
    public let intent: Intent
    public let order: Order
    /// nil if no answer was recorded.
    public let receipt: Receipt?

    /// nil for records that this release cannot read.
    public init?(_ intent: Intent) {
        guard let order = Order(intent.order) else { return nil }
        var receipt: Receipt?
        if let acceptance = intent.acceptance {
            guard let answered = Receipt(acceptance) else { return nil }
            receipt = answered
        }
        self.intent = intent
        self.order = order
        self.receipt = receipt
    }
}

extension Intent {
    /// What is said of an intent that no one here can read.
    public var unreadable: Failure {
        Failure(
            .ledgerUnreadable, "the open step \(action.rawValue) of entry \(sequence) cannot be read by this release",
            of: resource,
            hint: "use the release that recorded it; or say how it ended: "
                + "reconcile resolve MANIFEST \(resource) --succeeded|--failed|--rerun --reason TEXT")
    }
}
