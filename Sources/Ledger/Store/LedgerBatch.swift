import Base
import JSON
import Time

/// Entries that are appended at once, and what follows from them.
struct LedgerBatch {
    /// Where they begin.
    let start: LogPlace
    let time: Timestamp
    let awsTime: Timestamp?
    private(set) var end: LogPlace
    private(set) var state: LedgerState
    private(set) var entries: [Entry] = []
    private(set) var stored: [LogEntry] = []
    private(set) var pages: [FactPage] = []
    private var digester = EntryDigest()

    init(after place: LogPlace, _ state: LedgerState, _ time: Timestamp, _ awsTime: Timestamp?) {
        (start, end, self.state) = (place, place, state)
        (self.time, self.awsTime) = (time, awsTime)
    }

    /// - Throws: ``Failure`` with code `invariant-broken` for an entry that no legal step leads to.
    mutating func add(_ draft: Draft, of environment: String, epoch: Int64) throws(Failure) {
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
    mutating func addCheckpoint() throws(Failure) {
        pages = try state.facts.close()
        try add(Draft(.checkpoint, token: "", payload: state.checkpoint), of: "", epoch: state.epoch)
    }
}
