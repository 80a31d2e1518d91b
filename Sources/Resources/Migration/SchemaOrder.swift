import JSON
import Ledger

/// The steps of a schema.
extension Action {
    /// Run the migration.
    public static let migrate = Action("migrate")
    /// Ask the database which version it has.
    public static let probe = Action("probe")
    /// Tag a revision with the version that the database is at.
    public static let mark = Action("mark")
}

/// What is written down before any step of a schema.
enum SchemaOrder: Record {
    case migrate(MigrationOrder)
    case probe(ProbeOrder)
    case mark(MarkOrder)
    /// A person has asked for the end of what is under way.
    case stop

    var isMark: Bool { if case .mark = self { true } else { false } }

    init?(_ json: JSON) {
        let order: SchemaOrder? =
            switch json["action"]?.string.map(Action.init(_:)) {
            case .migrate: MigrationOrder(json).map(SchemaOrder.migrate)
            case .probe: ProbeOrder(json).map(SchemaOrder.probe)
            case .mark: MarkOrder(json).map(SchemaOrder.mark)
            case .stop: .stop
            default: nil
            }
        guard let order else { return nil }
        self = order
    }

    var json: JSON {
        switch self {
        case .migrate(let order): order.json
        case .probe(let order): order.json
        case .mark(let order): order.json
        case .stop: [:]
        }
    }
}

/// What has to be asked of a database, and on behalf of which migration.
struct ProbeOrder: Record {
    /// The token of the migration's intent.
    let about: String
    /// The ARN of the revision that the probe runs from.
    let revision: String
    let container: String
    /// What is not known without an answer.
    let reason: String
}

extension ProbeOrder {
    init?(_ json: JSON) {
        guard let about = json["about"]?.string, let revision = json["revision"]?.string,
            let container = json["container"]?.string
        else { return nil }
        self.init(
            about: about, revision: revision, container: container, reason: json["reason"]?.string ?? "")
    }

    /// The reason is written down as the change's.
    var json: JSON {
        .members(["about": about, "revision": revision, "container": container])
    }
}

/// Which mark a revision is to get.
struct MarkOrder: Record {
    let mark: SchemaMark
    /// The ARN of the revision.
    let revision: String

    init(_ mark: SchemaMark, on revision: String) {
        self.mark = mark
        self.revision = revision
    }

    init?(_ json: JSON) {
        guard let version = json["version"]?.string, let revision = json["revision"]?.string else { return nil }
        let declared = json["declared"]?.string.flatMap(Declaration.init(fact:)) ?? .none
        self.init(SchemaMark(version, declared: declared), on: revision)
    }

    var json: JSON {
        .members([
            "version": mark.version, "revision": revision,
            "declared": mark.declared == .none ? nil : mark.declared.fact,
        ])
    }

    /// That it was set.
    var evidence: JSON { ["summary": .string("marked \(RevisionARN.shortName(of: revision))")] }
}
