import Base
import JSON
import Time

/// Entries that are appended at once, and what follows from them.
struct LedgerBatch {
    /// Where they begin.
    let start: LogPlace
    private(set) var end: LogPlace
    private(set) var state: LedgerState
    private(set) var entries: [Entry] = []
    private(set) var stored: [LogEntry] = []
    private(set) var pages: [FactPage] = []
    private var digester = EntryDigest()

    init(after place: LogPlace, _ state: LedgerState) { (start, end, self.state) = (place, place, state) }

    /// - Throws: ``Failure`` with code `invariant-broken` for an entry that no legal step leads to.
    mutating func add(_ entry: StagedEntry) throws(Failure) {
        try add(
            entry.draft, of: entry.run.environment, epoch: entry.epoch(after: state.epoch), entry.time, entry.awsTime)
    }

    private mutating func add(
        _ draft: Draft, of environment: String, epoch: Int64, _ time: Timestamp, _ awsTime: Timestamp?
    ) throws(Failure) {
        let entry = Entry(
            sequence: end.count + 1, epoch: epoch, time: time, awsTime: awsTime, environment: environment,
            resource: draft.resource, kind: draft.kind, token: draft.token, payload: draft.payload)
        var text = LogEntry(entry)
        text.digest = digester.of(text, after: end.head)
        do { try state.take(text) } catch {
            throw Failure(
                .invariantBroken, "an entry that must not be: \(error.reason)", of: entry.resource,
                hint: "this is a bug: please report it with the output of apply --verbose")
        }
        end = text.place
        entries.append(entry)
        stored.append(text)
    }

    /// All changed subjects must be known.
    ///
    /// - Parameters:
    ///   - time: of the entry that follows.
    ///   - awsTime: the same, of AWS.
    mutating func addCheckpoint(_ time: Timestamp, _ awsTime: Timestamp?) throws(Failure) {
        pages = try state.facts.close()
        try add(
            Draft(.checkpoint, token: "", payload: state.checkpoint), of: "", epoch: state.epoch, time, awsTime)
    }
}
