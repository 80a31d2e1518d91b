import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// A task definition: one wanted content, one revision.
struct TaskDefinitionResource: Resource, Decidable {
    typealias Order = TaskDefinitionOrder
    typealias Receipt = NoRecord

    /// What of the world it was compared with.
    struct State: Sendable, Equatable {
        let wanted: WantedRevision
        /// The released image.
        let reference: String
        /// What differs from the revision in use.
        let fields: [FieldChange]
        let notes: [String]
        let movedBase: MovedBase?
        /// Declared tags that the revision in use has not, or has with another value.
        var tagFields: [FieldChange] = []
        /// Whether the family has no revision yet.
        var isFirst = false
        /// nil for a release without a number.
        var sequence: Sequence?
        /// nil where no one asked for more than an apply needs.
        let inspection: Inspection?

        var match: String? { wanted.match }
        var digest: String { wanted.digest }
    }

    /// What only a comparison needs to know.
    struct Inspection: Sendable, Equatable {
        /// What its service points at.
        let current: TaskDefinitionSummary
        let tags: [String: String]
        let applied: ServicePast
        /// What the last base was without its image; nil where none is recorded.
        let recordedBase: String?
        /// The tags that the ledger knows to have been set on the current revision.
        let setTags: [String: String]
        /// Whether its tags were read now: one that was set after the revision was remembered is not seen else.
        let hasReadTags: Bool
    }

    struct Output: Sendable, Equatable {
        /// The ARN; nil while it has still to be registered.
        let revision: String?
        let digest: String
        /// The identity of the image that is released.
        let image: String
        /// Another user's revision that is the base from now on; nil where there is none.
        let taken: String?
    }

    let shared: SharedDefinition
    let source: TaskDefinitionSpec.Source
    /// Whether a task is started from it in any case.
    let isRunFrom: Bool
    let image: Dependency<ImageResource.Resolved>
    let history: SchemaHistory?
    let access: EnvironmentAccess
    /// The image as the manifest names it.
    let imageText: String
    /// nil where only what an apply needs is looked at.
    let driftScope: DriftScope?

    var id: ResourceID { shared.id }
    var family: String { shared.base.family }
    /// The names of the containers whose image is replaced.
    var released: [String] { shared.base.released }
    var dependencies: [ResourceID] { [image.id] }
    var subject: String { TaskDefinitionTags.subject(of: family, access.cluster.arn) }
    /// The name under which facts of the service are kept whose revision is the base.
    var serviceSubject: String { Subject.service(shared.base.service, access.cluster.arn) }

    func readAhead(upstream: Outputs) async {
        let isBehind = await isBehind(upstream)
        await access.clock.atOnce(
            [{ await access.services.readAhead(for: id) }]
                + (isBehind ? [{ await access.definitions.listAhead(family, for: id) }] : []))
    }

    /// Whether its service, as it was read last, runs another image than the one that is released: then revisions of the
    /// family are looked through.
    private func isBehind(_ upstream: Outputs) async -> Bool {
        guard let reference = upstream[image]?.reference else { return false }
        do {
            let service = try await access.services.known(shared.base.service)
            guard let current = await access.definitions.remembered(service.taskDefinition) else { return false }
            return !released.allSatisfy { current.container($0)?.image == reference }
        } catch {
            return false
        }
    }

    func observe(pending: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        guard let image = upstream[image] else { return Seen(.indeterminate("the image is not resolved")) }
        let state = try await state(reference: image.reference, identity: image.identity, in: context)
        let settlement = try await settle(pending, state, in: context)
        // A registration records its base by itself; without one it would be news for ever.
        let moved = state.match == nil ? nil : state.movedBase
        return Seen(
            .present(state),
            output: Output(revision: state.match, digest: state.digest, image: image.identity, taken: moved?.arn),
            settlement: settlement,
            adopted: (moved.map { [taken($0.arn, $0.imagelessDigest)] } ?? []) + recording(state.sequence))
    }

    private var registrar: RevisionRegistrar {
        RevisionRegistrar(id: id, family: family, history: history, access: access)
    }

    private func settle(_ step: Step?, _ state: State, in context: Context) async throws(Failure) -> Settlement? {
        guard let step else { return nil }
        if case .tag(let order) = step.order { return try await settle(order) }
        return try await registrar.settle(
            step.intent.token, state.wanted, facts: state.match.map { [taken($0, state.wanted.imagelessDigest)] } ?? [],
            in: context)
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        switch observed {
        case .present(let state):
            if let sequence = state.sequence, let refusal = sequence.refusal(of: id) {
                return .blocked(refusal)
            }
            if let match = state.match {
                var change = Change.none(
                    "\(RevisionARN.shortName(of: match)) matches the manifest", notes: state.notes)
                change.isUnrecorded = state.movedBase != nil
                return numbered(change, state.sequence)
            }
            return Change(.register, reason(state), fields: state.fields, notes: state.notes, content: content(state))
        case .absent, .indeterminate: return Change(.register, "the image is not resolved yet")
        }
    }

    /// Values of its environment are covered by the digest.
    private func content(_ state: State) -> Change.Content {
        Change.Content(
            .members([
                "cluster": access.cluster.arn, "family": family, "digest": state.digest,
                "tags": Tags.write(state.wanted.tags.merging(sequenceTags) { $1 }),
            ]))
    }

    private func reason(_ state: State) -> String {
        if state.isFirst { return "first revision of the family" }
        if let deregistered = state.wanted.deregistered {
            return "\(RevisionARN.shortName(of: deregistered)) matches the manifest but is deregistered"
        }
        let others = state.fields.filter { !isReleasedImage($0) }.count
        let changed = others < state.fields.count ? "new image" : "no new image"
        return others == 0 ? changed : "\(changed), \(others) other field\(others == 1 ? "" : "s")"
    }

    /// Whether a difference is the released image, which is what a release is about.
    func isReleasedImage(_ field: FieldChange) -> Bool {
        released.contains { field.path == "containerDefinitions[\($0)].image" }
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<State>
    ) throws(Failure) -> Intention<TaskDefinitionOrder> {
        guard case .present(let state) = observed else { throw unreachable }
        if change.action == .tag, let match = state.match, let sequence = state.sequence {
            return intention(toTag: match, sequence.release)
        }
        return Intention(
            token: state.digest,
            order: .register(
                RegisterOrder(
                    family: family, digest: state.digest, image: state.reference, base: state.wanted.imagelessDigest)))
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<State>, in context: Context
    ) async throws(Failure) -> Reply<NoRecord> {
        guard case .present(let state) = observed else { throw unreachable }
        switch step.order {
        case .tag(let order): return try await tag(order)
        case .register(let order): return try await register(order, state, in: context)
        }
    }

    private func register(
        _ order: RegisterOrder, _ state: State, in context: Context
    ) async throws(Failure) -> Reply<NoRecord> {
        var wanted = state.wanted
        wanted.tags.merge(sequenceTags) { $1 }
        let registered = try await registrar.register(order, wanted, in: context)
        return .done(
            evidence: registered.evidence, facts: registered.facts + [taken(registered.arn, wanted.imagelessDigest)])
    }

    private var unreachable: Failure { .broken("a definition is registered that was not compared", of: id) }
}
