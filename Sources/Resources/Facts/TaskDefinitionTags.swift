import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// The tags by which a lost ledger is survived, as they were set on a revision: they may be taken away or changed by anybody
/// who may tag.
enum TaskDefinitionTags {
    /// The name under which facts of a family stand in the ledger.
    static func subject(of family: String, _ clusterARN: String) -> String {
        "task-definition/\(clusterARN)/\(family)"
    }

    /// That tags were set on a revision, next to those that it has.
    static func fact(_ tags: [String: String], on arn: String, _ clusterARN: String) -> Fact {
        Fact(
            subject(of: RevisionARN.family(of: arn), clusterARN), FactName.tags(arn),
            SetTags(tags.filter { $0.key.hasPrefix(Mark.prefix) }))
    }

    /// What a revision must bear.
    ///
    /// - Parameter facts: all of that revision, oldest first.
    static func set(by facts: [SetTags]) -> [String: String] {
        facts.reduce(into: [:]) { $0.merge($1.tags) { $1 } }
    }

    /// A base's own tags are carried over to what is derived from it; those of AWS cannot be, and ours are its own.
    static func carried(_ tags: [String: String]) -> [String: String] {
        tags.filter { !TaskDefinitionCheck.isReserved($0.key) }
    }

    /// - Throws: ``Failure`` with code `definition-unfit` where ECS would refuse the registration for its tags.
    static func requireRoom(for tags: [String: String], _ family: String, _ id: ResourceID) throws(Failure) {
        let most = TaskDefinitionCheck.mostTags - TaskDefinitionCheck.ownTags
        guard tags.count > most else { return }
        throw Failure(
            .definitionUnfit, "\(family) has \(tags.count) tags of its own, and \(most) is the most", of: id,
            hint:
                "remove \(tags.count - most): ECS takes \(TaskDefinitionCheck.mostTags) on a revision, of which reconcile "
                + "sets \(TaskDefinitionCheck.ownTags)")
    }

    /// Declared tags that are not among those that a revision bears, or have another value there.
    static func differences(_ declared: [String: String], from found: [String: String]) -> [FieldChange] {
        declared.keys.sorted { $0.precedes($1) }.filter { declared[$0] != found[$0] }
            .map { FieldChange(path: "tags[\($0)]", from: found[$0], to: declared[$0]) }
    }

    /// What a plan says of tags that no apply sets: they are set when a revision is registered.
    static func note(_ fields: [FieldChange], on arn: String) -> String {
        "\(RevisionARN.shortName(of: arn)) lacks declared tags, and no apply sets them: "
            + command(fields, on: arn)
    }

    /// The command that sets tags on a revision.
    static func command(_ fields: [FieldChange], on arn: String) -> String {
        let words = fields.map { field in
            ShellWord.line(["key=\(field.path.dropFirst(5).dropLast()),value=\(field.to ?? "")"])
        }
        let region = RevisionARN.region(of: arn)
        return "aws ecs tag-resource --region \(region) --resource-arn \(arn) --tags \(words.joined(separator: " "))"
    }
}
