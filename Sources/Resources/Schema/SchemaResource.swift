import AWS
import Hashing
import JSON
import Reconciler

/// The schema of one database, brought to its version by a one-off task of the very revision that the services get.
struct SchemaResource: Resource {
    let id: ResourceID
    let spec: SchemaSpec
    let image: ResourceID
    let definition: ResourceID
    let otherDefinitions: [ResourceID]
    let container: String
    let cluster: String
    let history: SchemaHistory
    let runner: MigrationRunner
    /// Remarks on the manifest that change nothing.
    let notes: [String]

    static let kind = "schema"

    var dependencies: [ResourceID] { [image, definition] + otherDefinitions }

    func observe(
        pending: Intent?, upstream: Outputs, in context: Context
    ) async throws(Failure) -> Sighting<SchemaState> {
        let wanted = wanted(upstream)
        let versions = try await history.versions(wanted: wanted, in: context)
        var settlement: Settlement?
        var running: String?
        var all = versions.all
        var revision = try await context.ledger.fact(history.subject, FactName.migratedFrom)
        if let pending {
            switch pending.action {
            case .migrate:
                switch try await runner.look(pending, in: context) {
                case .running(let state): running = state
                case .unanswered:
                    if wanted.map(identity)?.digest != pending.payload["identity"]?.string {
                        settlement = .abandoned("an earlier start of another version was not answered")
                    }
                case .settled(.succeeded(let evidence, let facts)):
                    settlement = .succeeded(evidence: evidence, facts: facts)
                    all += facts.filter { $0.name == FactName.version }.map(\.value)
                    revision = facts.last { $0.name == FactName.migratedFrom }?.value ?? revision
                case .settled(.failed(let failure, let evidence, let facts))
                where wanted.map(identity)?.digest != pending.payload["identity"]?.string:
                    settlement = .overtaken(failure, evidence: evidence, facts: facts)
                case .settled(let end): settlement = end
                }
            default: settlement = .abandoned("the mark of the schema's version will be set by this run")
            }
        }
        let attempt = try await attempt(wanted, in: context)
        let marked = try await context.ledger.fact(history.subject, FactName.marked)
        let state = SchemaState(
            history: all, wanted: wanted, attempt: attempt, running: running,
            needsMark: versions.adopted.isEmpty && all.last != nil && marked != all.last, markedRevision: revision)
        return Sighting(
            .present(state), settlement: settlement,
            adopted: versions.adopted.isEmpty ? [] : adopted(versions.adopted))
    }

    /// Facts that marks have told, for a ledger that does not know them.
    private func adopted(_ versions: [String]) -> [Fact] {
        versions.map { Fact(subject: history.subject, name: FactName.version, value: $0) }
            + versions.suffix(1).map { Fact(subject: history.subject, name: FactName.marked, value: $0) }
    }

    private func wanted(_ upstream: Outputs) -> String? {
        switch spec.version {
        case .declared(let version): version
        case .image: upstream[image, ImageResource.Output.identity]
        }
    }

    private func attempt(_ wanted: String?, in context: Context) async throws(Failure) -> Int {
        guard let wanted else { return 1 }
        let identity = identity(of: wanted)
        return try await context.ledger.facts(history.subject, FactName.failed(identity.digest)).count + 1
    }

    private func identity(of version: String) -> MigrationIdentity {
        MigrationIdentity(clusterARN: history.clusterARN, database: spec.database, version: version)
    }

    func diff(_ observed: Observation<SchemaState>, upstream: Outputs) -> Change {
        guard case .present(let state) = observed else { return Change(.migrate, "the schema's version is not known") }
        if let running = state.running {
            return .wait(
                "the migration's task is \(running)",
                Change.Patience(
                    limit: spec.migrate.timeout,
                    hint: "Run the same command again to go on watching; or stop the task in ECS, and then tell what "
                        + "you found in the database: reconcile resolve MANIFEST \(id) --succeeded|--failed|--rerun "
                        + "--reason TEXT"))
        }
        switch state.need(spec) {
        case .nothing(let reason):
            if state.needsMark, state.markedRevision != nil { return Change(.mark, "the mark in AWS is missing") }
            return .none(reason, notes: imageNote(upstream))
        case .migration(let reason): return Change(.migrate, reason, notes: notes)
        case .refusal(let reason):
            return .blocked(
                Failure(
                    .schemaOlder, "\(reason): schemas are rolled forward only", of: id,
                    hint: "if this image works with the newer schema, set schema.accepts to \"at-least\"; "
                        + "if not, roll forward, or run your own rollback script"))
        }
    }

    /// A declared version says nothing about migrations that came with a new image and no new version.
    private func imageNote(_ upstream: Outputs) -> [String] {
        guard case .declared = spec.version, upstream[definition, TaskDefinitionResource.Output.revision] == nil else {
            return []
        }
        return ["image changed, schema version did not: db-migrate is not run"]
    }

    func intention(_ change: Change, upstream: Outputs, observed: Observation<SchemaState>) -> Intention {
        guard case .present(let state) = observed else { return Intention(token: "", payload: [:]) }
        if change.action == .mark {
            let version = state.history.last ?? ""
            let revision = state.markedRevision ?? ""
            return Intention(
                token: identity(of: version).digest,
                payload: ["version": .string(version), "revision": .string(revision)])
        }
        let identity = identity(of: state.wanted ?? "")
        let revision = upstream[definition, TaskDefinitionResource.Output.revision] ?? ""
        return Intention(
            token: identity.token(attempt: state.attempt),
            payload: [
                "subject": .string(history.subject), "database": .string(spec.database),
                "version": .string(identity.version),
                "identity": .string(identity.digest), "attempt": .integer(state.attempt),
                "revision": .string(revision), "container": .string(container),
                "command": .string(SHA256.hex(JSON(spec.migrate.command).canonical)),
                "environmentNames": JSON(spec.migrate.environment.keys.sorted { $0.precedes($1) }),
            ])
    }

    func converge(
        _ change: Change, as intent: Intent, observed: Observation<SchemaState>, in context: Context
    ) async throws(Failure) -> Reply {
        if change.action == .mark {
            let mark = history.mark(intent.payload["version"]?.string ?? "")
            try await runner.mark(intent.payload["revision"]?.string ?? "", [Mark.schema: mark.tag])
            return .done(evidence: ["summary": "marked the revision"], facts: [mark.fact])
        }
        return .accepted(try await runner.start(intent, in: context))
    }
}
