import Base
import JSON
import Time

/// One entry of the ledger. Entries are the truth; every other table is derived from them.
public struct Entry: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A run with changes begins; it has taken its epoch.
        case run
        /// Something is about to be done.
        case intent
        /// The server has taken it.
        case accepted
        /// Its call failed, and what it did all the same is not known.
        case unanswered
        /// It has ended.
        case outcome
        /// Facts found in AWS by a ledger that had none.
        case adopted
        /// The run has ended.
        case end
        /// All that follows from the entries before it.
        case checkpoint
    }

    public let sequence: Int64
    /// The number of the run in this ledger, strictly growing.
    public let epoch: Int64
    /// The machine's time, for people.
    public let time: Timestamp
    /// AWS's time, for decisions.
    public let awsTime: Timestamp?
    public let environment: String
    /// nil for entries about the run as a whole.
    public let resource: ResourceID?
    public let kind: Kind
    /// What the entry belongs to: an intent's token stands in its answers, too.
    public let token: String
    /// Without values of secrets.
    public let payload: JSON

    public init(
        sequence: Int64, epoch: Int64, time: Timestamp, awsTime: Timestamp?, environment: String,
        resource: ResourceID?, kind: Kind, token: String, payload: JSON
    ) {
        self.sequence = sequence
        self.epoch = epoch
        self.time = time
        self.awsTime = awsTime
        self.environment = environment
        self.resource = resource
        self.kind = kind
        self.token = token
        self.payload = payload
    }
}

/// What is appended: an entry before the ledger has given it its number.
public struct Draft: Sendable {
    public let resource: ResourceID?
    public let kind: Entry.Kind
    public let token: String
    public let payload: JSON

    public init(_ kind: Entry.Kind, _ resource: ResourceID? = nil, token: String, payload: JSON) {
        self.resource = resource
        self.kind = kind
        self.token = token
        self.payload = payload
    }
}
