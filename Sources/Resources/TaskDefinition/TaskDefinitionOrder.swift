import Base
import JSON
import Ledger

extension Action {
    /// Register a task-definition revision.
    public static let register = Action("register")
    /// Set the tag that says which release a revision was used for last.
    public static let tag = Action("tag")
}

/// What is written down before a revision is registered or tagged.
enum TaskDefinitionOrder: Record {
    case register(RegisterOrder)
    case tag(SequenceOrder)

    init?(_ json: JSON) {
        if let order = RegisterOrder(json) {
            self = .register(order)
        } else if let order = SequenceOrder(json) {
            self = .tag(order)
        } else {
            return nil
        }
    }

    var json: JSON {
        switch self {
        case .register(let order): order.json
        case .tag(let order): order.json
        }
    }
}

/// That a revision is to bear the number of a release.
struct SequenceOrder: Record {
    /// Its ARN.
    let revision: String
    let sequence: Int

    init(revision: String, sequence: Int) {
        self.revision = revision
        self.sequence = sequence
    }

    init?(_ json: JSON) {
        guard let revision = json["revision"]?.string, let sequence = json["sequence"]?.integer else { return nil }
        self.init(revision: revision, sequence: sequence)
    }

    var json: JSON { ["revision": .string(revision), "sequence": .integer(sequence)] }
}
