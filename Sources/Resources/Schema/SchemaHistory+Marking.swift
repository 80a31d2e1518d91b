import AWS
import Reconciler

/// Setting marks, and what the ledger learns from that and from those that it meets.
extension SchemaHistory {
    var keys: SchemaMark.Keys { SchemaMark.Keys(database, clusterARN: clusterARN) }

    /// That a version is marked in AWS.
    func marked(_ version: String) -> Fact { Fact(subject, FactName.marked, version) }

    /// That a version is marked, if it is the last one that the ledger knows: of images an earlier one may be marked, too, and
    /// says nothing of the last.
    private func markedLast(_ version: String, in context: Context) async throws(Failure) -> [Fact] {
        try await context.ledger.facts(of: subject) { facts in
            let undone = try facts.all(subject, FactName.undone)
            return Versions.without(undone, in: try facts.all(subject, FactName.version)).last == version
        } ? [marked(version)] : []
    }

    /// Sets a mark.
    func set(_ order: MarkOrder, _ client: ECSClient, in context: Context) async throws(Failure) -> [Fact] {
        let name = TaskDefinitionSummary.shortName(of: order.revision)
        try await calling(resource, "mark the revision \(name)") { () throws(AWSError) in
            try await client.tagResource(arn: order.revision, tags: order.mark.tags(keys))
        }
        try await definitions.remember(order.mark.tags(keys), on: order.revision)
        return try await borne(order.mark, by: order.revision, in: context)
            + [TaskDefinitionTags.fact(order.mark.tags(keys), on: order.revision, clusterARN)]
    }

    /// That a revision bears a mark, which makes its family one that declarations are told to.
    func borne(_ mark: SchemaMark, by revision: String, in context: Context) async throws(Failure) -> [Fact] {
        try await markedLast(mark.version, in: context) + bearing(revision, in: context)
    }

    /// That the family of a revision bears marks, where the ledger does not know that.
    func bearing(_ revision: String, in context: Context) async throws(Failure) -> [Fact] {
        let family = TaskDefinitionSummary.family(of: revision)
        return try await families(in: context).contains(family) ? [] : [Fact(subject, FactName.family, family)]
    }

    /// The families whose revisions bear marks of the database, as the ledger knows.
    func families(in context: Context) async throws(Failure) -> [String] {
        try await context.ledger.facts(subject, FactName.family)
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
        let family = TaskDefinitionTags.subject(of: TaskDefinitionSummary.family(of: arn), clusterARN)
        var tags = try await definitions.sketch(arn, for: resource).tags
        let set = try await context.ledger.facts(of: family) { facts in
            TaskDefinitionTags.set(by: try facts.all(family, FactName.tags(arn)))
        }
        tags.merge(set) { $1 }
        return SchemaMark(keys, in: tags)
    }
}
