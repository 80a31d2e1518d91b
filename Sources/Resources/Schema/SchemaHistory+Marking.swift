import AWS
import Reconciler

/// Setting marks, and what the ledger learns from that and from those that it meets.
extension SchemaHistory {
    var keys: SchemaMark.Keys { SchemaMark.Keys(database, clusterARN: clusterARN) }

    /// That a version is marked in AWS.
    func marked(_ version: String) -> Fact { Fact(subject, FactName.marked, version) }

    /// What the ledger learns when a mark was set.
    func facts(_ mark: SchemaMark, on arn: String) -> [Fact] {
        [marked(mark.version), DefinitionTags.fact(mark.tags(keys), on: arn, clusterARN)]
    }

    /// Sets a mark.
    func set(_ order: MarkOrder, _ client: ECSClient) async throws(Failure) -> [Fact] {
        let name = DefinitionSketch.shortName(of: order.revision)
        try await calling(resource, "mark the revision \(name)") { () throws(AWSError) in
            try await client.tagResource(arn: order.revision, tags: order.mark.tags(keys))
        }
        return facts(order.mark, on: order.revision)
    }

    /// What marks have told, for a ledger that does not know it.
    func adopted(_ versions: Versions) -> [Fact] {
        guard versions.isNews, let last = versions.all.last else { return [] }
        return undone(versions.undone ?? [])
            + versions.adopted.map { Fact(subject, FactName.version, $0) }
            + (versions.undone == nil ? [] : [declaration(versions.declared)])
            + (versions.isOrderGuessed ? [Fact(subject, FactName.order, .guessed)] : [])
            + [marked(last)]
    }

    /// That a person has declared where the database is.
    func declaration(_ latest: Declaration) -> Fact {
        Fact(subject, FactName.declared, latest)
    }

    /// What a declaration has taken back.
    func undone(_ versions: [String]) -> [Fact] {
        versions.map { Fact(subject, FactName.undone, $0) }
    }

    /// The mark that a revision is known to bear.
    func knownMark(on arn: String, in context: Context) async throws(Failure) -> SchemaMark? {
        let family = DefinitionTags.subject(of: DefinitionSketch.family(of: arn), clusterARN)
        var tags = try await definitions.sketch(arn, for: resource).tags
        let set = try await context.ledger.facts { facts in
            DefinitionTags.set(by: try facts.all(family, FactName.tags(arn)))
        }
        tags.merge(set) { $1 }
        return SchemaMark(keys, in: tags)
    }
}
