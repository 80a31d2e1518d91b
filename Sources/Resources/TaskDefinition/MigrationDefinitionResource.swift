import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// What a migration runs from, where that is not what the services get.
struct MigrationDefinition: Sendable {
    let family: String
    let source: MigrationDefinitionSpec.Source
    let container: TaskDefinitionSummary.Container
    /// The names of the containers whose image is replaced.
    let released: [String]

    var id: ResourceID { ResourceID("task-definition", family) }
}

/// A task definition that no service runs: one wanted content, one revision.
struct MigrationDefinitionResource: Resource, Decidable {
    typealias Order = RegisterOrder
    typealias Receipt = NoRecord
    typealias Output = TaskDefinitionResource.Output

    struct State: Sendable, Equatable {
        let wanted: WantedRevision
        /// The released image.
        let reference: String
        /// What the last one was made from, without its image; nil where none is recorded.
        let recordedBase: String?
    }

    let definition: MigrationDefinition
    let image: Dependency<ImageResource.Resolved>
    let history: SchemaHistory
    let access: EnvironmentAccess
    let isComparison: Bool

    var id: ResourceID { definition.id }
    var dependencies: [ResourceID] { [image.id] }
    private var family: String { definition.family }
    var subject: String { TaskDefinitionTags.subject(of: family, access.cluster.arn) }
    private var registrar: RevisionRegistrar {
        RevisionRegistrar(id: id, family: family, history: history, access: access)
    }

    func observe(pending: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        guard let image = upstream[image] else { return Seen(.indeterminate("the image is not resolved")) }
        let state = State(
            wanted: try await compared(image, in: context), reference: image.reference,
            recordedBase: try await context.ledger.fact(subject, FactName.base))
        var settlement: Settlement?
        if let pending {
            settlement = try await registrar.settle(pending.intent.token, state.wanted, facts: [], in: context)
        }
        return Seen(
            .present(state),
            output: Output(
                revision: state.wanted.match, digest: state.wanted.digest, image: image.identity, taken: nil),
            settlement: settlement)
    }

    private func compared(
        _ image: ImageResource.Resolved, in context: Context
    ) async throws(Failure) -> WantedRevision {
        var (document, tags): (JSON, [String: String])
        switch definition.source {
        case .declared(let declared): (document, tags) = (declared, Tags.read(declared["tags"]))
        case .newest(let family):
            guard let newest = try await access.definitions.newest(of: family, for: id).first else {
                throw .noActiveRevision(of: family, MigrationDefinitionSpec.familyKey, id)
            }
            let revision = try await access.definitions.revision(newest.arn, for: id)
            (document, tags) = (revision.document, TaskDefinitionTags.carried(revision.tags))
        }
        var compared = WantedRevision(document, image: image.reference, of: definition.released, tags: tags)
        let recorded = try await context.ledger.fact(subject, FactName.registered(compared.digest))
        if let recorded, try await isThere(recorded, image.identity, in: context) {
            compared.match = recorded
            return compared
        }
        compared.match = try await access.definitions.match(
            compared.digest, family: family, recorded: recorded, for: id)
        if compared.match != nil { return compared }
        compared.deregistered = recorded
        try TaskDefinitionTags.requireRoom(for: tags, family, id)
        if let last = try await access.definitions.newest(of: family, for: id).first {
            compared.fields = TaskDefinitionDiff(fingerprint: access.ledger.fingerprint).fields(
                from: TaskDefinitionContent(try await access.definitions.revision(last.arn, for: id).document),
                to: compared.content)
        }
        return compared
    }

    /// A revision never changes. Whether ECS still lets a task run from it is asked if one is about to.
    private func isThere(_ arn: String, _ identity: String, in context: Context) async throws(Failure) -> Bool {
        if !isComparison, try await history.isToMigrate(to: identity, in: context) {
            return try await access.definitions.isUsable(arn, for: id)
        }
        do { return try await !access.definitions.summary(arn, for: id).isInactive } catch let error
            where error.code == .definitionMissing
        { return false }
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        guard case .present(let state) = observed else { return Change(.register, "the image is not resolved yet") }
        if let match = state.wanted.match { return .none("\(RevisionARN.shortName(of: match)) matches the manifest") }
        var reason = "for the migration"
        if let deregistered = state.wanted.deregistered {
            reason = "\(RevisionARN.shortName(of: deregistered)) matches the manifest but is deregistered"
        }
        return Change(
            .register, reason, fields: state.wanted.fields,
            content: Change.Content(
                .members([
                    "cluster": access.cluster.arn, "family": family, "digest": state.wanted.digest,
                    "tags": Tags.write(state.wanted.tags),
                ])))
    }

    func divergences(_ observed: Observation<State>, upstream: Outputs) -> [Divergence] {
        guard case .present(let state) = observed, state.wanted.match == nil else { return [] }
        if let deregistered = state.wanted.deregistered {
            return [Divergence(.world, "\(RevisionARN.shortName(of: deregistered)) was deregistered")]
        }
        let isOfOthers = if case .newest = definition.source { true } else { false }
        let isBaseNew = state.recordedBase.map { $0 != state.wanted.imagelessDigest } ?? false
        return [
            isOfOthers && isBaseNew
                ? Divergence(
                    .world, "another user registered a revision of \(family) since the last run",
                    fields: state.wanted.fields)
                : Divergence(.manifest, "no revision matches the manifest yet", fields: state.wanted.fields)
        ]
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<State>
    ) throws(Failure) -> Intention<RegisterOrder> {
        guard case .present(let state) = observed else { throw unreachable }
        return Intention(
            token: state.wanted.digest,
            order: RegisterOrder(
                family: family, digest: state.wanted.digest, image: state.reference, base: state.wanted.imagelessDigest)
        )
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<State>, in context: Context
    ) async throws(Failure) -> Reply<NoRecord> {
        guard case .present(let state) = observed else { throw unreachable }
        let registered = try await registrar.register(step.order, state.wanted, in: context)
        return .done(evidence: registered.evidence, facts: registered.facts)
    }

    func needsDecision(_ order: RegisterOrder) -> Bool { true }

    private var unreachable: Failure { .broken("a definition is registered that was not compared", of: id) }
}

extension Failure {
    /// - Parameter key: of the manifest, which names the family.
    static func noActiveRevision(of family: String, _ key: String, _ id: ResourceID) -> Failure {
        Failure(
            .definitionMissing, "the family \(family) has no active revision", of: id,
            hint: "register one, or correct \(key)")
    }
}
