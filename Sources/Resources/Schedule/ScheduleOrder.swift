import JSON
import Ledger

/// One task definition of a rule or a schedule, and what it becomes. Nothing else of a target is kept: inputs and overrides
/// may hold secrets.
struct ScheduleMove: Sendable, Equatable {
    /// Which target of a rule; nil for a schedule.
    let target: String?
    /// As it is written in the target.
    let from: String
    /// The ARN of the revision; nil while it is not registered.
    let to: String?

    init(target: String?, from: String, to: String?) {
        self.target = target
        self.from = from
        self.to = to
    }

    init?(_ json: JSON) {
        guard let from = json["from"]?.string, let to = json["to"]?.string else { return nil }
        self.init(target: json["target"]?.string, from: from, to: to)
    }

    var json: JSON { .members(["target": target, "from": from, "to": to]) }
}

/// What is written down before a rule or a schedule is changed.
struct ScheduleOrder: Record {
    let moves: [ScheduleMove]

    init(_ moves: [ScheduleMove]) { self.moves = moves }

    init?(_ json: JSON) {
        guard let moves = json["moves"]?.array else { return nil }
        self.moves = moves.compactMap(ScheduleMove.init)
        if self.moves.count != moves.count || moves.isEmpty { return nil }
    }

    var json: JSON { ["moves": .array(moves.map(\.json))] }

    /// In a few words.
    var summary: String {
        Set(moves.map { RevisionARN.shortName(of: $0.to ?? "") }).sorted { $0.precedes($1) }.joined(separator: ", ")
    }
}
