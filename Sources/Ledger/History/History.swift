import Base
import JSON
import Time

/// What was done, by whom, and how it ended, from entries alone.
public struct History: Sendable, Equatable {
    private var all: [HistoryRun] = []
    /// Where in ``all`` a run is, by its epoch.
    private var places: [Int64: Int] = [:]
    /// Where the step of an intent is whose end has not been met yet.
    private var open: [Int64: Origin] = [:]

    private struct Origin: Equatable {
        let run: Int
        let step: Int
        let began: Timestamp
    }

    public init() {}

    public init(_ entries: some Sequence<Entry>) {
        for entry in entries { add(entry) }
    }

    /// Takes in the next entry, in the ledger's order.
    public mutating func add(_ entry: Entry) {
        // What it says stands in the entries before it.
        if entry.kind == .checkpoint { return }
        let run = place(of: entry)
        switch entry.kind {
        case .run: break
        case .intent:
            let record = IntentRecord(entry.payload)
            all[run].take(digest: record?.imageDigest)
            var step = HistoryStep(
                resource: entry.resource, action: record?.action.rawValue ?? "?", reason: record?.reason,
                result: IntentState.open.rawValue, summary: nil,
                token: entry.token, intent: entry.sequence, intentEpoch: entry.epoch)
            step.began = entry.time
            open[entry.sequence] = Origin(run: run, step: all[run].steps.count, began: entry.time)
            all[run].steps.append(step)
        case .accepted:
            if let origin = AnswerRecord(entry.payload).flatMap({ open[$0.intent] }) {
                all[origin.run].steps[origin.step].result = IntentState.accepted.rawValue
            }
        case .outcome: settle(entry, in: run)
        case .end:
            let end = EndRecord(entry.payload)
            all[run].exit = end?.exit
            all[run].failure = end?.failure
            all[run].seconds = max(0, entry.time.since(all[run].began))
        // Adoptions, and whatever kinds are yet to come: shown as they are.
        default: all[run].steps.append(Self.plain(entry))
        }
    }

    /// The runs, newest first.
    ///
    /// - Parameters:
    ///   - environment: nil for those of all environments.
    ///   - resource: where given, only steps of it, and only runs that have one.
    public func runs(environment: String? = nil, resource: ResourceID? = nil) -> [HistoryRun] {
        var seen: Set<String> = []
        return all.sorted { $0.epoch > $1.epoch }.compactMap { run in
            var run = run
            run.isOvertaken = !seen.insert(run.environment).inserted
            guard environment == nil || run.environment == environment else { return nil }
            if let resource {
                run.steps.removeAll { $0.resource != resource }
                if run.steps.isEmpty { return nil }
            }
            return run
        }
    }

    private mutating func place(of entry: Entry) -> Int {
        if let place = places[entry.epoch] { return place }
        places[entry.epoch] = all.count
        all.append(HistoryRun(entry))
        return all.count - 1
    }

    /// An outcome stands in the run that recorded it. What an earlier run had begun stays there as well, with a pointer.
    private mutating func settle(_ entry: Entry, in run: Int) {
        let outcome = OutcomeRecord(entry.payload)
        let intent = outcome?.intent
        let origin = intent.flatMap { open.removeValue(forKey: $0) }
        let begun = origin.map { all[$0.run].steps[$0.step] }
        var step = HistoryStep(
            resource: entry.resource, action: outcome?.action.rawValue ?? begun?.action ?? "?",
            reason: begun?.reason, result: outcome?.result.rawValue ?? "?", summary: Self.summary(entry.payload),
            token: entry.token, intent: intent, intentEpoch: begun?.intentEpoch)
        step.isByHand = outcome?.isByHand ?? false
        step.began = origin?.began
        step.seconds = origin.map { max(0, entry.time.since($0.began)) }
        guard let origin, origin.run == run else {
            if let origin { all[origin.run].steps[origin.step].settledIn = entry.epoch }
            all[run].steps.append(step)
            return
        }
        all[run].steps[origin.step] = step
    }

    private static func plain(_ entry: Entry) -> HistoryStep {
        var step = HistoryStep(
            resource: entry.resource, action: entry.kind.rawValue, reason: nil, result: nil,
            summary: summary(entry.payload), token: entry.token, intent: nil, intentEpoch: nil)
        step.began = entry.time
        return step
    }

    /// What an entry says for people, wherever its kind keeps it.
    private static func summary(_ payload: JSON) -> String? {
        if let text = payload["summary"]?.string, let reason = payload["reason"]?.string { return "\(text): \(reason)" }
        if let text = payload["reason"]?.string ?? payload["failure"]?["summary"]?.string { return text }
        if let text = payload["evidence"]?["summary"]?.string ?? payload["summary"]?.string { return text }
        let facts = (payload["facts"]?.elements ?? []).compactMap { fact in
            fact["name"]?.string.flatMap { name in fact["value"]?.string.map { words(name, $0) } }
        }
        return facts.isEmpty ? nil : facts.joined(separator: ", ")
    }

    /// A fact for people. A release reads as in a run; any other JSON value shows its members.
    private static func words(_ name: String, _ value: String) -> String {
        guard let json = JSON(fact: value), let members = json.object?.members else { return "\(name) = \(value)" }
        let shown = json["image"] == nil ? members : members.filter { ["image", "schema"].contains($0.key) }
        return "\(name): " + shown.map { "\($0.key) \($0.value.string ?? $0.value.compact)" }.joined(separator: ", ")
    }
}

extension Ledger {
    /// An environment's newest run, without its steps.
    public func newestRun(environment: String) async throws(Failure) -> HistoryRun? {
        guard let run = try await look().newest[environment] else { return nil }
        var history = History()
        for sequence in [run.began, run.ended].compactMap(\.self) {
            if let entry = try await log.entry(sequence).entry { history.add(entry) }
        }
        return history.runs().first
    }
}
