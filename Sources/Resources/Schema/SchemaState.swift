import AWS
import Base
import Manifest
import Reconciler

/// What is known of a database's schema and of the migration that is under way, if one is.
struct SchemaState: Sendable, Equatable {
    /// Versions in the order in which the database was brought to them; the last is where it is.
    let history: [String]
    /// The version that is wanted: for `"image"` the image's identity.
    let wanted: String?
    /// Grows only when the task before it is known to have stopped without success.
    let attempt: Int
    /// The state of a migration that is under way.
    let running: String?
    /// What runs it.
    var kind = RunnerKind.ecsTask
    /// What the database has to be asked before anything else is done.
    let question: ProbeOrder?
    /// What marks a revision with the version that the database is at; nil where AWS has it.
    let marking: [MarkOrder]
    var declared = Declaration.none
    /// Whether an earlier run was cut off while it marked a revision.
    var isMarkOpen = false
    /// Whether what is under way is another migration than the one that is wanted.
    var isOvertaken = false
    /// Whether marks in AWS show versions that the ledger did not bring the database to.
    var isMovedElsewhere = false
    /// What has to be waited for before the migration is started.
    var held: String?
    /// The version that a mark without a cluster names.
    var unqualifiedMark: String?
    /// Where another cluster's database of the same name is, as the ledger knows it: it may be this one.
    var namesake: SchemaHistory.Namesake?
    /// How the migration's task would be launched; nil if it is not one.
    var launch: LaunchSettings?
    /// Why the database is not free, if something else is at work on it.
    var busy: Failure?
    /// What the database itself has just said; nil where no one has asked it.
    var probed: ProbeAnswer?
    /// Whether another image is about to be released than its service runs.
    var isNewImage = false
}

extension SchemaState {
    /// What it needs, by the rules of versions alone.
    enum Need: Equatable {
        case nothing(String)
        case migration(String)
        case refusal(String)
    }

    func need(_ spec: SchemaSpec) -> Need {
        guard let wanted else { return .migration("the image is not resolved yet") }
        let current = history.last
        switch spec.version {
        case .image:
            // The age of an image is not known and not judged: it was migrated for, or it was not.
            if history.contains(wanted) { return .nothing("the migration has run for this image") }
            return .migration("the migration has not run for this image")
        case .lastApplied: return .nothing("no version is declared here")
        case .declared:
            if let current, spec.isAtSuccessor(current) {
                return .nothing("the schema is at \(current), which comes after \(wanted)")
            }
            switch spec.order.standing(of: wanted, given: history) {
            case .same: return .nothing("the schema is at \(wanted)")
            case .newer:
                return .migration(start(spec).map { "schema \($0) -> \(wanted)" } ?? "first migration: \(wanted)")
            case .older where spec.accepts == .atLeast:
                return .nothing("the schema is at \(current ?? "?"), which is at least \(wanted)")
            case .older:
                return .refusal("the schema is at \(current ?? "?"), and \(wanted) is older")
            case .unknown:
                return .refusal(
                    "the schema is at \(current ?? "?"), which cannot be compared with \(wanted) "
                        + "in the order \"\(spec.order.rawValue)\"")
            }
        }
    }

    /// Where the database is when the migration starts: another one of the same manifest may run before it.
    private func start(_ spec: SchemaSpec) -> String? {
        guard let first = spec.predecessor, spec.order.standing(of: first, given: history) == .newer else {
            return history.last
        }
        return first
    }
}
