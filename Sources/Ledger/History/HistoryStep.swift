import Base
import Time

/// One thing that a run did, or found out about what an earlier run had started.
public struct HistoryStep: Sendable, Equatable {
    /// nil for what concerns the run as a whole.
    public let resource: ResourceID?
    /// Such as `migrate`; for an entry that is no step of a plan its kind.
    public let action: String
    /// Why it was to be done.
    public let reason: String?
    /// As recorded, such as `succeeded`; `open` or `accepted` for an intent whose end this run did not record, and nil for
    /// an entry that is no step of a plan.
    public internal(set) var result: String?
    public internal(set) var summary: String?
    public let token: String
    /// The intent's number, and the run that recorded it.
    public let intent: Int64?
    public let intentEpoch: Int64?
    /// A person has said how it ended.
    public internal(set) var isByHand = false
    /// The later run that recorded its end.
    public internal(set) var settledIn: Int64?
    /// When its intent was recorded. An entry outside a plan has its own time.
    public internal(set) var began: Timestamp?
    /// From the intent to what is recorded of its end, by the machine's clock.
    public internal(set) var seconds: Int64?
}
