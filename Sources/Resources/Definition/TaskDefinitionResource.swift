import AWS
import JSON
import Reconciler

/// A task definition: one wanted content, one revision.
struct TaskDefinitionResource: Resource {
    /// What of the world it was compared with.
    struct State: Sendable, Equatable {
        /// The revision that says what is wanted; nil where there is none yet.
        let match: String?
        let digest: String
        /// What differs from the revision in use.
        let fields: [FieldChange]
        let notes: [String]
        /// The request that registers it. Holds environment values, so it stays in memory.
        let registration: JSON
        let tags: [String: String]
        let imagelessDigest: String
        let reference: String
        let movedBase: MovedBase?
        /// nil where nobody asked for more than an apply needs.
        let inspection: Inspection?
    }

    /// What only a comparison needs to know.
    struct Inspection: Sendable, Equatable {
        /// What its service points at.
        let current: DefinitionSketch
        let tags: [String: String]
        let applied: ServicePast
        /// What the last base was without its image; nil where none is recorded.
        let recordedBase: String?
        /// The tags that the ledger knows to have been set on the current revision.
        let setTags: [String: String]
        /// The newest version that the ledger knows of, as a tag tells it; nil where there is none.
        let newestMark: String?
        /// Whether its tags were read now: one that was set after the revision was remembered is not seen else.
        let hasReadTags: Bool
    }

    enum Output {
        static let revision = "revision"
        static let digest = "digest"
        /// There where somebody else's revision is the base from now on.
        static let taken = "taken"
    }

    let id: ResourceID
    let family: String
    /// The names of the containers whose image is replaced.
    let released: [String]
    let source: DefinitionSpec.Source
    /// The service whose revision is the base.
    let service: String
    let image: ResourceID
    let history: SchemaHistory?
    let services: ServiceReader
    let definitions: DefinitionReader
    let client: ECSClient
    let clusterARN: String
    let fingerprint: @Sendable (String) -> String
    /// The image as the manifest names it.
    let imageText: String
    /// The name under which facts of its service stand in the ledger.
    let serviceSubject: String
    /// nil where only what an apply needs is looked at.
    let scrutiny: Scrutiny?

    var dependencies: [ResourceID] { [image] }
    var subject: String { DefinitionTags.subject(of: family, clusterARN) }

    func observe(
        pending: Intent?, upstream: Outputs, in context: Context
    ) async throws(Failure) -> Sighting<State> {
        guard let reference = upstream[image, ImageResource.Output.reference] else {
            return Sighting(.indeterminate("the image is not resolved"))
        }
        let state = try await state(reference: reference, in: context)
        guard let match = state.match else {
            return Sighting(.present(state), settlement: try await settle(pending, state, in: context))
        }
        var outputs = [Output.revision: match, Output.digest: state.digest]
        // A registration records its base by itself; without one it would be news for ever.
        let adopted = state.movedBase.map { [taken($0.arn, $0.imagelessDigest)] } ?? []
        if !adopted.isEmpty { outputs[Output.taken] = state.movedBase?.arn }
        return Sighting(
            .present(state), outputs: outputs, settlement: try await settle(pending, state, in: context),
            adopted: adopted)
    }

    /// An unanswered registration has left a revision with its digest, or it has left nothing.
    private func settle(
        _ intent: Intent?, _ state: State, in context: Context
    ) async throws(Failure) -> Settlement? {
        guard let intent else { return nil }
        if let match = state.match, intent.token == state.digest {
            let name = DefinitionSketch.shortName(of: match)
            let tags = try await definitions.sketch(match, for: id).tags
            // It may be another environment's, with the same content: then its tags are none of ours.
            let isOwn = tags[Mark.digest] == state.digest && tags[Mark.environment] == context.environment
            return .succeeded(
                evidence: ["summary": .string("found \(name)")],
                facts: facts(match, state) + (isOwn ? [DefinitionTags.fact(tags, on: match, clusterARN)] : []))
        }
        return .abandoned("an earlier registration of \(family) left no revision: it is made again if it is needed")
    }

    private func state(reference: String, in context: Context) async throws(Failure) -> State {
        let arn = try await services.look(service, by: id).taskDefinition
        let current = try await definitions.sketch(arn, for: id)
        let base = try await movedBase(current, in: context)
        if case .derived(let kind) = source {
            let from = kind == .service ? current : try await newest(current)
            // Nothing but the image is ours to change, so an equal image means an equal definition.
            if let own = from.imagelessDigest(of: released),
                released.allSatisfy({ from.container($0)?.image == reference })
            {
                let compared = Compared(
                    match: from.arn, digest: from.digest, fields: [], registration: .null, tags: [:],
                    imagelessDigest: own)
                return try await state(compared, reference, current, base, in: context)
            }
            let document = try await definitions.revision(from.arn, for: id)
            let compared = try await compare(
                document.document, reference: reference, current: current, tags: Self.carried(document.tags),
                in: context)
            return try await state(compared, reference, current, base, in: context)
        }
        guard case .declared(let document) = source else { return try unreachable() }
        let compared = try await compare(
            document, reference: reference, current: current, tags: Tags.read(document["tags"]), in: context)
        return try await state(compared, reference, current, base, in: context)
    }

    /// What is wanted, compared with the revision in use.
    private struct Compared {
        let match: String?
        let digest: String
        let fields: [FieldChange]
        let registration: JSON
        let tags: [String: String]
        let imagelessDigest: String
    }

    private func state(
        _ compared: Compared, _ reference: String, _ current: DefinitionSketch, _ base: MovedBase?, in context: Context
    ) async throws(Failure) -> State {
        State(
            match: compared.match, digest: compared.digest, fields: compared.fields,
            notes: base.map { [$0.note] } ?? [], registration: compared.registration, tags: compared.tags,
            imagelessDigest: compared.imagelessDigest, reference: reference, movedBase: base,
            inspection: try await inspection(current, in: context))
    }

    private func inspection(
        _ current: DefinitionSketch, in context: Context
    ) async throws(Failure) -> Inspection? {
        guard let scrutiny else { return nil }
        let (subject, history) = (subject, history)
        let (base, set, version) = try await context.ledger.facts { facts in
            (
                try facts.latest(subject, FactName.base),
                try DefinitionTags.set(by: try facts.all(subject, FactName.tags(current.arn))),
                try history.flatMap { try facts.latest($0.subject, FactName.version) }
            )
        }
        return Inspection(
            current: current,
            tags: scrutiny.readsTags ? try await definitions.tags(current.arn, for: id) : current.tags,
            applied: try await ServicePast.read(serviceSubject, in: context), recordedBase: base,
            setTags: set, newestMark: version.flatMap { history?.mark($0).tag }, hasReadTags: scrutiny.readsTags)
    }

    private func newest(_ sketch: DefinitionSketch) async throws(Failure) -> DefinitionSketch {
        try await definitions.newest(of: sketch.family, for: id).first ?? sketch
    }

    private func compare(
        _ document: JSON, reference: String, current: DefinitionSketch, tags: [String: String], in context: Context
    ) async throws(Failure) -> Compared {
        let registration = DefinitionContent.replace(
            image: reference, of: released, in: DefinitionNormaliser.registration(document))
        let content = DefinitionContent(registration)
        let recorded = try await context.ledger.fact(subject, FactName.registered(content.digest))
        var match = current.digest == content.digest || current.arn == recorded ? current.arn : nil
        if match == nil {
            match = try await definitions.match(content.digest, family: family, recorded: recorded, for: id)
        }
        let old = match == current.arn ? nil : try await definitions.revision(current.arn, for: id)
        let fields = old.map {
            DefinitionDiff(fingerprint: fingerprint).fields(from: DefinitionContent($0.document), to: content)
        }
        return Compared(
            match: match, digest: content.digest, fields: fields ?? [], registration: registration, tags: tags,
            imagelessDigest: content.imagelessDigest(of: released))
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        switch observed {
        case .present(let state):
            if let match = state.match {
                var change = Change.none(
                    "\(DefinitionSketch.shortName(of: match)) says what is wanted", notes: state.notes)
                change.isNews = state.movedBase != nil
                return change
            }
            return Change(.register, reason(state), fields: state.fields, notes: state.notes, content: state.digest)
        case .absent, .indeterminate: return Change(.register, "the image is not resolved yet")
        }
    }

    private func reason(_ state: State) -> String {
        let others = state.fields.filter { !isReleasedImage($0) }.count
        let changed = others < state.fields.count ? "new image" : "no new image"
        return others == 0 ? changed : "\(changed), \(others) other field\(others == 1 ? "" : "s")"
    }

    /// Whether a difference is the released image, which is what a release is about.
    func isReleasedImage(_ field: FieldChange) -> Bool {
        released.contains { field.path == "containerDefinitions[\($0)].image" }
    }

    func intention(_ change: Change, upstream: Outputs, observed: Observation<State>) -> Intention {
        guard case .present(let state) = observed else { return Intention(token: "", payload: [:]) }
        return Intention(
            token: state.digest,
            payload: [
                "family": .string(family), "digest": .string(state.digest), "image": .string(state.reference),
                "base": .string(state.imagelessDigest),
            ])
    }

    func converge(
        _ change: Change, as intent: Intent, observed: Observation<State>, in context: Context
    ) async throws(Failure) -> Reply {
        guard case .present(let state) = observed else { return try unreachable() }
        var tags = state.tags
        tags[Mark.digest] = state.digest
        tags[Mark.environment] = context.environment
        let mark = try await history?.mark(for: intent, in: context)
        if let mark { tags[Mark.schema] = mark.tag }
        let revision = try await calling(id, "register a revision of \(family)") { () throws(AWSError) in
            try await client.registerTaskDefinition(state.registration, tags: tags)
        }
        try await definitions.remember(revision, for: state.digest)
        let name = DefinitionSketch.shortName(of: revision.arn)
        return .done(
            evidence: ["summary": .string("registered \(name)"), "revision": .string(revision.arn)],
            facts: facts(revision.arn, state) + [DefinitionTags.fact(tags, on: revision.arn, clusterARN)]
                + (mark.map { [$0.fact] } ?? []))
    }

    private func facts(_ arn: String, _ state: State) -> [Fact] {
        [
            Fact(subject: subject, name: FactName.revision, value: arn),
            Fact(subject: subject, name: FactName.base, value: state.imagelessDigest),
            Fact(subject: subject, name: FactName.registered(state.digest), value: arn),
            taken(arn, state.imagelessDigest),
        ]
    }

    /// A base's own tags go on to what is derived from it; those of AWS cannot, ours are set anew.
    private static func carried(_ tags: [String: String]) -> [String: String] {
        tags.filter { !$0.key.hasPrefix(Mark.prefix) && !$0.key.hasPrefix("aws:") }
    }

    private func unreachable<Value>() throws(Failure) -> Value {
        throw Failure(
            .invariantBroken, "a definition is registered that was not compared", of: id,
            hint: "this is a bug: please report it")
    }
}
