import AWS
import Base
import Ledger
import Reconciler

/// Setting marks, and what the ledger learns from that and from those that it meets.
extension SchemaHistory {
    var keys: SchemaMark.Keys { SchemaMark.Keys(spec.database, clusterARN: access.cluster.arn) }

    /// That a version is marked in AWS.
    func marked(_ version: String) -> Fact { Fact(subject, FactName.marked, version) }

    /// That a version is marked, if it is the last one that the ledger knows: of images an earlier one may be marked, too, and
    /// says nothing of the last.
    func markedLast(_ version: String, in context: Context) async throws(Failure) -> [Fact] {
        try await context.ledger.facts(of: subject) { facts in
            let undone = try facts.all(subject, FactName.undone)
            return Versions.without(undone, in: try facts.all(subject, FactName.version)).last == version
        } ? [marked(version)] : []
    }

    /// Sets a mark.
    func set(_ order: MarkOrder, in context: Context) async throws(Failure) -> [Fact] {
        let name = RevisionARN.shortName(of: order.revision)
        try await calling(resource, "mark the revision \(name)") { () throws(AWSError) in
            try await access.ecs.tagResource(arn: order.revision, tags: order.mark.tags(keys))
        }
        try await access.definitions.remember(order.mark.tags(keys), on: order.revision)
        return try await markedLast(order.mark.version, in: context)
            + [TaskDefinitionTags.fact(order.mark.tags(keys), on: order.revision, access.cluster.arn)]
    }

    /// Of each other family whose revisions bear marks of the database, as the ledger knows, the newest of them: a run with a
    /// lost ledger may read that family alone.
    func markedElsewhere(in context: Context) async throws(Failure) -> [(revision: String, mark: SchemaMark)] {
        let prefix = TaskDefinitionTags.subject(of: "", access.cluster.arn)
        var found: [(revision: String, mark: SchemaMark)] = []
        for subject in try await context.ledger.subjects(beginningWith: prefix)
        where subject != prefix + family {
            let tags = try await context.ledger.facts(of: subject) { try $0.all(subject, ofKind: FactName.tags) }
            let newest = tags.compactMap { arn, sets in
                SchemaMark(keys, in: TaskDefinitionTags.set(by: sets)).map { (revision: arn, mark: $0) }
            }.max { RevisionARN.number(of: $0.revision) < RevisionARN.number(of: $1.revision) }
            if let newest { found.append(newest) }
        }
        return found
    }

    /// Revisions of other families that do not bear the latest declaration, although this ledger has marked these families;
    /// and what the ledger has to learn of those that do.
    func unmarked(
        _ declared: Declaration, in context: Context
    ) async throws(Failure) -> (revisions: [String], seen: [Fact]) {
        var revisions: [String] = []
        var seen: [Fact] = []
        for (revision, mark) in try await markedElsewhere(in: context) where mark.declared.number < declared.number {
            do {
                if let present = try await self.mark(on: revision), present.declared.number >= declared.number {
                    seen.append(TaskDefinitionTags.fact(present.tags(keys), on: revision, access.cluster.arn))
                } else {
                    revisions.append(revision)
                }
            } catch let error where error.code == .definitionMissing {
                // Someone has deleted it: nothing can run it any more.
                continue
            }
        }
        return (revisions, seen)
    }

    /// What marks show, for a ledger that does not know it.
    func adopted(_ versions: Versions) -> [Fact] {
        guard versions.isUnrecorded, let last = versions.all.last else { return [] }
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
        let family = TaskDefinitionTags.subject(of: RevisionARN.family(of: arn), access.cluster.arn)
        var tags = try await access.definitions.summary(arn, for: resource).tags
        let set = try await context.ledger.facts(of: family) { facts in
            TaskDefinitionTags.set(by: try facts.all(family, FactName.tags(arn)))
        }
        tags.merge(set) { $1 }
        return SchemaMark(keys, in: tags)
    }
}
