import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// Registers revisions of a family, with the tags by which later runs know them.
struct RevisionRegistrar {
    let id: ResourceID
    let family: String
    let history: SchemaHistory?
    let access: EnvironmentAccess

    private var subject: String { TaskDefinitionTags.subject(of: family, access.cluster.arn) }

    struct Registered {
        let arn: String
        let facts: [Fact]

        var evidence: JSON {
            ["summary": .string("registered \(RevisionARN.shortName(of: arn))"), "revision": .string(arn)]
        }
    }

    func register(
        _ order: RegisterOrder, _ wanted: WantedRevision, in context: Context
    ) async throws(Failure) -> Registered {
        var tags = wanted.tags
        tags[Mark.digest] = wanted.digest
        tags[Mark.environment] = context.environment
        var mark = try await history?.mark(forRevisionOf: order.image, in: context)
        if let carried = mark, let history {
            let all = tags.merging(carried.tags(history.keys)) { $1 }
            // A mark without its declaration would be one of the time before it.
            if all.count > TaskDefinitionCheck.mostTags { mark = nil } else { tags = all }
        }
        await access.definitions.doubt(family)
        let revision = try await calling(id, "register a revision of \(family)") { [tags] () throws(AWSError) in
            try await access.ecs.registerTaskDefinition(wanted.registration, tags: tags)
        }
        try await access.definitions.remember(revision, for: wanted.digest)
        var marked: [Fact] = []
        if let mark, let history { marked = try await history.markedLast(mark.version, in: context) }
        return Registered(
            arn: revision.arn,
            facts: facts(revision.arn, wanted)
                + [TaskDefinitionTags.fact(tags, on: revision.arn, access.cluster.arn)] + marked)
    }

    /// An unanswered registration has left a revision with its digest, or it has left nothing.
    ///
    /// - Parameter facts: what else is known where it has left one.
    func settle(
        _ token: String, _ wanted: WantedRevision, facts: [Fact], in context: Context
    ) async throws(Failure) -> Settlement {
        guard let match = wanted.match, token == wanted.digest else {
            return .abandoned("an earlier registration of \(family) left no revision: it is made again if it is needed")
        }
        let tags = try await access.definitions.summary(match, for: id).tags
        // Another environment may have registered the same content: then these tags are not ours.
        let isOwn = tags[Mark.digest] == wanted.digest && tags[Mark.environment] == context.environment
        return .succeeded(
            evidence: ["summary": .string("found \(RevisionARN.shortName(of: match))")],
            facts: self.facts(match, wanted) + facts
                + (isOwn ? [TaskDefinitionTags.fact(tags, on: match, access.cluster.arn)] : []))
    }

    private func facts(_ arn: String, _ wanted: WantedRevision) -> [Fact] {
        [
            Fact(subject, FactName.revision, arn), Fact(subject, FactName.base, wanted.imagelessDigest),
            Fact(subject, FactName.registered(wanted.digest), arn),
        ]
    }
}
