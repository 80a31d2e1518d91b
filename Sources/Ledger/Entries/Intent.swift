import Base
import JSON
import Time

/// A ledger entry that says what is about to be done, and what has become of it so far.
public struct Intent: Sendable, Equatable {
    /// The sequence number of its entry.
    public let sequence: Int64
    public let resource: ResourceID
    /// Whose run recorded it.
    public let environment: String
    public let action: Action
    /// Derived from content: the same intent has the same token on every machine.
    public let token: String
    /// AWS's time when it was recorded, the only clock that decides.
    public let awsTime: Timestamp?
    /// AWS's time at which it surely was in the ledger: its own, or that of the next entry that has one.
    public var knownSince: Timestamp?
    /// See ``Resource/subject``; nil where a release before 0.2 recorded none.
    public let subject: String?
    /// What its kind wrote down, see ``Resource/Order``. The keys of its entry are next to it: the action tells kinds of orders apart.
    public let order: JSON
    /// The server's first answer, where one was recorded: for a migration the task's ARN.
    public var acceptance: JSON?
    /// Whether its call was made before, without an answer: what it may have done then is not undone by a refusal now.
    public var isRepeated = false

    public init(
        sequence: Int64, resource: ResourceID, environment: String, action: Action, token: String, awsTime: Timestamp?,
        subject: String?, order: JSON, acceptance: JSON? = nil
    ) {
        self.sequence = sequence
        self.resource = resource
        self.environment = environment
        self.action = action
        self.token = token
        self.awsTime = awsTime
        knownSince = awsTime
        self.subject = subject
        self.order = order
        self.acceptance = acceptance
    }
}

extension Intent {
    public init(_ entry: Entry, _ record: IntentRecord, of resource: ResourceID, acceptance: JSON? = nil) {
        self.init(
            sequence: entry.sequence, resource: resource, environment: entry.environment, action: record.action,
            token: entry.token, awsTime: entry.awsTime, subject: record.subject, order: entry.payload,
            acceptance: acceptance)
    }

    /// Whether it is about this resource of an environment. One that names no subject is taken for it.
    ///
    /// - Parameters:
    ///   - names: the resource's, and former ones.
    ///   - isShared: see ``Resource/isShared``.
    public func isAbout(_ names: [ResourceID], _ subject: String, isShared: Bool, in environment: String) -> Bool {
        guard names.contains(resource), isShared || self.environment == environment else { return false }
        return self.subject.map { $0 == subject } ?? (self.environment == environment)
    }
}
