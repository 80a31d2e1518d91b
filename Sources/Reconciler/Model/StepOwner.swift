import Base
import Ledger

/// What steps are about, which a run may leave open.
public protocol StepOwner: Sendable {
    /// What is written down before its calls.
    associatedtype Order: Record
    /// What the server's answers leave in the ledger.
    associatedtype Receipt: Record

    var id: ResourceID { get }
    /// Names that the manifest has no more, under which steps about it may stand open.
    var formerNames: [ResourceID] { get }
    /// What it is, completely: for a thing in AWS with partition, account, region and cluster. An ``id`` is unique within a
    /// manifest only; facts and intents are filed under this, so that what is known of one cluster says nothing of another.
    var subject: String { get }
    /// Whether every environment that names this subject takes the same lock before it changes it. Then the open intents of
    /// all these environments bind each of them.
    var isShared: Bool { get }
}

extension StepOwner {
    /// An open step of it.
    public typealias Step = Pending<Order, Receipt>

    public var formerNames: [ResourceID] { [] }
    public var isShared: Bool { false }

    var names: [ResourceID] { [id] + formerNames }

    func read(_ intent: Intent) throws(Failure) -> Step {
        guard let step = Step(intent) else { throw intent.unreadable }
        return step
    }
}

extension Intent {
    func isAbout(_ owner: any StepOwner, in environment: String) -> Bool {
        isAbout(owner.names, owner.subject, isShared: owner.isShared, in: environment)
    }
}
