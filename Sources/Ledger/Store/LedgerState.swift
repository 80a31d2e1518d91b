import JSON
import Time

/// What follows from a log's entries, taken in their order: open intents, the newest run of each environment, and facts.
///
/// A checkpoint entry holds it. So an opening reads only the newest checkpoint and the entries after it.
struct LedgerState: Equatable {
    /// An intent whose end is not known.
    struct Open: Equatable {
        let entry: LogEntry
        /// The text of what the server answered.
        var acceptance: String?
        /// See ``Intent/knownSince``.
        var knownSince: Timestamp?
    }

    /// The newest run of an environment, by the numbers of its first and last entry.
    struct Newest: Equatable {
        let epoch: Int64
        let began: Int64
        var ended: Int64?
    }

    var open: [Int64: Open] = [:]
    var newest: [String: Newest] = [:]
    /// The newest run's number.
    var epoch: Int64 = 0
    var facts = FactBook()
    /// How much follows the newest checkpoint, and how long that one is, in bytes of payloads.
    private(set) var since = (entries: Int64(0), bytes: 0, checkpoint: 0)

    /// Whether a checkpoint of either would say the same.
    static func == (left: LedgerState, right: LedgerState) -> Bool {
        (left.open, left.newest, left.epoch, left.facts.pages)
            == (right.open, right.newest, right.epoch, right.facts.pages)
    }

    /// A checkpoint is made when so many entries follow the last one, unless a test says otherwise.
    static let interval: Int64 = 1_024

    /// Whether it is time for a checkpoint: an opening reads not much more than so many entries, and all checkpoints but the
    /// newest are together not longer than all other entries.
    func isLong(_ interval: Int64) -> Bool { since.entries >= interval && since.bytes >= since.checkpoint }

    /// Takes in the next entry of a log whose checkpoints are believed: it goes on from what one says.
    ///
    /// - Throws: ``IllegalStep`` where no legal step leads to it, or for a checkpoint that this release cannot read.
    mutating func follow(_ entry: LogEntry) throws(IllegalStep) {
        guard entry.kind == .checkpoint else { return try take(entry) }
        guard let state = LedgerState(entry) else {
            throw IllegalStep(sequence: entry.sequence, reason: "this release cannot read the checkpoint")
        }
        self = state
    }

    /// Takes in the next entry that verifies.
    ///
    /// - Throws: ``IllegalStep`` where no legal step leads to it: then nothing was taken in.
    mutating func take(_ entry: LogEntry) throws(IllegalStep) {
        let kind = entry.kind
        let payload = Self.isRead(kind) ? entry.json ?? .null : .null
        if let reason = refusal(of: kind, payload) { throw IllegalStep(sequence: entry.sequence, reason: reason) }
        epoch = max(epoch, entry.epoch)
        date(entry.awsTime)
        switch kind {
        case .run: newest[entry.environment] = Newest(epoch: entry.epoch, began: entry.sequence)
        case .end where newest[entry.environment]?.epoch == entry.epoch:
            newest[entry.environment]?.ended = entry.sequence
        case .intent: open[entry.sequence] = Open(entry: entry.bare, knownSince: entry.awsTime)
        case .accepted:
            if let answer = AnswerRecord(payload) {
                open[answer.intent]?.acceptance = answer.acceptance?.canonical ?? "null"
            }
        case .outcome:
            if let answer = AnswerRecord(payload) { open[answer.intent] = nil }
        case .adopted, .unanswered, .end, .checkpoint: break
        }
        if kind == .outcome || kind == .adopted { for fact in Fact.all(in: payload) { facts.take(fact) } }
        count(entry)
    }

    /// Intents without a time of AWS's are as old as the first later entry that has one.
    private mutating func date(_ time: Timestamp?) {
        guard let time else { return }
        for (sequence, intent) in open where intent.knownSince == nil { open[sequence]?.knownSince = time }
    }

    private mutating func count(_ entry: LogEntry) {
        since =
            entry.kind == .checkpoint
            ? (0, 0, entry.payload.utf8.count)
            : (since.entries + 1, since.bytes + entry.payload.utf8.count, since.checkpoint)
    }

    /// Why an entry may not follow; nil where it may. One that is appended and one that is read again are judged alike.
    private func refusal(of kind: Entry.Kind, _ payload: JSON) -> String? {
        guard [.accepted, .unanswered, .outcome].contains(kind) else { return nil }
        let intent = AnswerRecord(payload)?.intent
        let state: IntentState = intent.flatMap { open[$0] }.map { $0.acceptance == nil ? .open : .accepted } ?? .ended
        if state.after(kind) != nil { return nil }
        return "it says \"\(kind.rawValue)\" of intent \(intent.map(String.init) ?? "?"), which is \(state.rawValue)"
    }

    /// Whether it matters what an entry of that kind says: of its intent, or as facts.
    private static func isRead(_ kind: Entry.Kind) -> Bool {
        [.accepted, .unanswered, .outcome, .adopted].contains(kind)
    }
}
