import JSON

/// What follows from entries, taken in their order: open intents, the newest run of each environment, and facts.
///
/// It begins with nothing, or with what a seal says of all entries before.
struct LedgerTail {
    /// An intent whose end is not known.
    struct Open: Equatable {
        let environment: String
        let resource: String?
        var acceptance: String?
    }

    /// The newest run of an environment, by the numbers of its first and last entry.
    struct Newest: Equatable {
        let epoch: Int64
        let began: Int64
        var ended: Int64?
    }

    /// A fact with its place: the number of its entry, and how many stand before it in that entry.
    struct Placed: Equatable {
        let fact: Fact
        let sequence: Int64
        let position: Int64
    }

    var open: [Int64: Open] = [:]
    var newest: [String: Newest] = [:]
    /// The newest run's number.
    var epoch: Int64 = 0
    var facts: [Placed] = []

    /// Whether it says the same, but for facts.
    func isSame(as other: LedgerTail) -> Bool {
        (open, newest, epoch) == (other.open, other.newest, other.epoch)
    }

    /// Why an entry may not follow; nil where it may. One that is appended and one that is read again are judged alike.
    private func refusal(of kind: Entry.Kind, _ payload: JSON) -> String? {
        guard [.accepted, .unanswered, .outcome].contains(kind) else { return nil }
        let intent = AnswerRecord(payload)?.intent
        let state: IntentState = intent.flatMap { open[$0] }.map { $0.acceptance == nil ? .open : .accepted } ?? .ended
        if state.after(kind) != nil { return nil }
        return "it says \"\(kind.rawValue)\" of intent \(intent.map(String.init) ?? "?"), which is \(state.rawValue)"
    }

    /// Takes in the next entry that verifies. What is not needed of it is not parsed.
    mutating func take(_ link: LedgerChain.Link) throws {
        let kind = link.kind
        let payload = Self.isRead(kind) ? link.payload ?? .null : .null
        try take(
            kind, link.sequence, epoch: link.epoch, environment: link.environment, resource: link.row.optionalText(5),
            payload)
    }

    ///
    /// - Throws: ``IllegalStep`` where no legal step leads to it.
    mutating func take(_ entry: Entry) throws(IllegalStep) {
        try take(
            entry.kind, entry.sequence, epoch: entry.epoch, environment: entry.environment,
            resource: entry.resource?.description, entry.payload)
    }

    private mutating func take(
        _ kind: Entry.Kind, _ sequence: Int64, epoch: Int64, environment: String, resource: String?, _ payload: JSON
    ) throws(IllegalStep) {
        if let reason = refusal(of: kind, payload) { throw IllegalStep(sequence: sequence, reason: reason) }
        self.epoch = max(self.epoch, epoch)
        let answer = AnswerRecord(payload)
        switch kind {
        case .run: newest[environment] = Newest(epoch: epoch, began: sequence)
        case .end where newest[environment]?.epoch == epoch: newest[environment]?.ended = sequence
        case .intent: open[sequence] = Open(environment: environment, resource: resource)
        case .accepted:
            if let answer { open[answer.intent]?.acceptance = answer.acceptance?.canonical ?? "null" }
        case .outcome:
            if let answer { open[answer.intent] = nil }
        case .adopted, .unanswered, .end: break
        }
        facts += Self.facts(in: payload, of: kind, at: sequence)
    }

    /// Outcomes and adoptions have facts.
    static func facts(in payload: JSON, of kind: Entry.Kind, at sequence: Int64) -> [Placed] {
        guard kind == .outcome || kind == .adopted else { return [] }
        return Fact.all(in: payload).enumerated().map {
            Placed(fact: $1, sequence: sequence, position: Int64($0))
        }
    }

    /// Whether it matters what an entry of that kind says: of its intent, or as facts.
    private static func isRead(_ kind: Entry.Kind) -> Bool {
        [.accepted, .unanswered, .outcome, .adopted].contains(kind)
    }
}
