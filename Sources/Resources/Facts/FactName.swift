import JSON
import Ledger

/// The facts that the ledger holds, by subject. Those of a schema, a service and a family have subjects of their own.
///
/// `keep` bounds the number of values of each subject. Where the number has a natural bound, all are kept: a database has as many
/// versions as migrations, and as many failed attempts as were made.
enum FactName {
    // MARK: - Of a schema

    static let version = FactKey<String>("version", keep: 10_000)
    /// Versions that a person says the database is not at any more, each once for each time that it was brought there.
    static let undone = FactKey<String>("undone", keep: 10_000)
    static let order = FactKey<OrderSource>("order", keep: 1)
    /// The latest declaration, made here or elsewhere.
    static let declared = FactKey<Declaration>("declared", keep: 1)
    /// The version that a mark was set for last.
    static let marked = FactKey<String>("marked", keep: 1)
    /// The ARN of the revision that the latest migration ran from.
    static let migratedFrom = FactKey<String>("migrated-from", keep: 1)
    /// The task of each attempt that is known to have stopped without success; the name ends with the migration's identity.
    static func failed(_ identity: String) -> FactKey<String> { FactKey("failed/\(identity)", keep: 1_000) }
    /// What a probe reported about a migration; the name ends with the token of its intent.
    static func probed(_ token: String) -> FactKey<ProbeAnswer> { FactKey("probed/\(token)", keep: 20) }

    // MARK: - Of a family

    /// The ARN of the revision that was registered last.
    static let revision = FactKey<String>("revision", keep: 1)
    /// The digest of what that revision was made from, its image aside.
    static let base = FactKey<String>("base", keep: 1)
    /// The ARN of the revision that was registered for a content.
    static func registered(_ digest: String) -> FactKey<String> { FactKey("registered/\(digest)", keep: 50) }
    /// Tags that were set on a revision; the name ends with its ARN.
    static func tags(_ arn: String) -> FactKey<SetTags> { FactKey("tags/\(arn)", keep: 40) }

    // MARK: - Of an environment

    /// The number of the release that was applied last.
    static let sequence = FactKey<Int>("sequence", keep: 1)

    // MARK: - Of a service

    /// The revision that is its base now, whoever registered it.
    static let takenBase = FactKey<TakenBase>("base", keep: 1)
    /// The image of its last rollout, as the manifest named it.
    static let image = FactKey<String>("image", keep: 1)
    /// The release that it was moved to last.
    static let release = FactKey<ReleaseRecord>("release", keep: 1)
    /// The desired count that was set last.
    static let desiredCount = FactKey<Int>("desired-count", keep: 1)
    /// What of its configuration was declared and set last.
    static let settings = FactKey<JSON>("settings", keep: 1)
    /// How its rollouts ended.
    static let rollout = FactKey<RolloutEnd>("rollout", keep: 50)
}

/// How the order of a database's versions is known.
enum OrderSource: String, FactValue {
    /// By the numbers of revisions alone.
    case guessed
    /// A person has declared one of them, and only that one counts.
    case declared
}

/// How a rollout of a content to a service ended.
enum RolloutEnd: Equatable, FactValue {
    case completed(String)
    case refused(String)
    /// Another actor moved it there, and an apply accepted it.
    case taken(String)

    init?(fact: String) {
        let parts = fact.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "completed": self = .completed(parts[1])
        case "refused": self = .refused(parts[1])
        case "taken": self = .taken(parts[1])
        default: return nil
        }
    }

    var fact: String {
        switch self {
        case .completed(let digest): "completed \(digest)"
        case .refused(let digest): "refused \(digest)"
        case .taken(let digest): "taken \(digest)"
        }
    }
}

/// Tags that were set on a revision at one time.
struct SetTags: Equatable, FactValue {
    let tags: [String: String]

    init(_ tags: [String: String]) { self.tags = tags }

    init?(fact: String) {
        guard let json = JSON(fact: fact), let members = json.object?.members else { return nil }
        tags = members.reduce(into: [:]) { $0[$1.key] = $1.value.string }
    }

    var fact: String {
        var json: JSON = [:]
        for (key, value) in tags { json[key] = .string(value) }
        return json.canonical
    }
}
