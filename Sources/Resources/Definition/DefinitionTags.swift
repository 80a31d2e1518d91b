import JSON
import Reconciler

/// The tags by which a lost ledger is survived, as they were set on a revision: they may be taken away or changed by anybody
/// who may tag.
enum DefinitionTags {
    /// The name under which facts of a family stand in the ledger.
    static func subject(of family: String, _ clusterARN: String) -> String {
        "task-definition/\(clusterARN)/\(family)"
    }

    /// That tags were set on a revision, beside those that it has.
    static func fact(_ tags: [String: String], on arn: String, _ clusterARN: String) -> Fact {
        var set: JSON = [:]
        for (key, value) in tags where key.hasPrefix(Mark.prefix) { set[key] = .string(value) }
        return Fact(
            subject: subject(of: DefinitionSketch.family(of: arn), clusterARN), name: FactName.tags(arn),
            value: set.canonical)
    }

    /// What a revision must bear.
    ///
    /// - Parameter facts: all of that revision, oldest first.
    static func set(by facts: [String]) throws -> [String: String] {
        var tags: [String: String] = [:]
        for fact in facts {
            for member in try JSON.parse(fact).object?.members ?? [] { tags[member.key] = member.value.string }
        }
        return tags
    }
}
