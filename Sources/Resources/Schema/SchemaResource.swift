import AWS
import Base
import Hashing
import JSON
import Ledger
import Manifest
import Reconciler

/// The schema of one database, brought to its version by a one-off task of the very revision that the services get.
struct SchemaResource: Resource {
    typealias Order = SchemaOrder
    typealias Receipt = ProgramReceipt

    let spec: SchemaSpec
    let inputs: Inputs
    let container: String
    let history: SchemaHistory
    /// Who else is at work on the database.
    let use: DatabaseUse
    /// nil where the manifest declares no probe.
    let prober: Prober?
    /// What the database itself has just said, for a comparison.
    let probed: ProbeAnswer?
    /// Remarks on the manifest that change nothing.
    let notes: [String]

    /// What it depends on.
    struct Inputs: Sendable {
        let image: Dependency<ImageResource.Resolved>
        /// The revision that the migration runs from.
        let definition: Dependency<TaskDefinitionResource.Output>
        let otherDefinitions: [Dependency<TaskDefinitionResource.Output>]
        /// What must have moved first; empty for a migration that the services wait for.
        let services: [Dependency<ServiceResource.Output>]
        /// The same of what starts tasks.
        let schedules: [ResourceID]
    }

    var id: ResourceID { use.tasks.id }
    var access: EnvironmentAccess { history.access }
    var runners: MigrationRunners { use.runners }
    /// What the manifest has it run by.
    var kind: RunnerKind { spec.migrate.runner.kind }
    private var image: Dependency<ImageResource.Resolved> { inputs.image }
    private var definition: Dependency<TaskDefinitionResource.Output> { inputs.definition }
    /// Whether it waits until the services have moved.
    var isAfter: Bool { !inputs.services.isEmpty }

    var subject: String { history.subject }
    /// A second migration that the manifest has no more, or that only another environment has, is of the same database.
    var formerNames: [ResourceID] { isAfter || spec.successor != nil ? [] : [history.resourceAfter] }
    /// Its lock is the database's, which all environments of it take.
    var isShared: Bool { true }

    var dependencies: [ResourceID] {
        [image.id, definition.id] + inputs.otherDefinitions.map(\.id) + inputs.services.map(\.id)
            + inputs.schedules
    }

    func observe(pending: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        let wanted = wanted(upstream)
        let isMoving = try await isMoving(upstream)
        let isActing = pending != nil || isMoving
        let target = upstream[definition]?.revision
        var versions = try await history.versions(
            wanted: wanted, isActing: isActing, target: target, pending == nil ? .now : .thisRun, in: context)
        var end: Ending?
        if let pending {
            end = try await ending(pending, wanted.map(identity), versions, in: context)
            if end?.settlement != nil {
                // A person may have declared another version while the migration ran.
                let present = try await history.versions(wanted: wanted, isActing: true, target: target, in: context)
                if present != versions {
                    versions = present
                    end = try await ending(pending, wanted.map(identity), versions, in: context)
                }
            }
        }
        let facts = end?.settlement?.facts ?? []
        var marking = try await marking(versions, facts, upstream, in: context)
        if !marking.orders.isEmpty, !isActing {
            // A call is about to be made after all, and it must not take back what another ledger has declared.
            versions = try await history.versions(wanted: wanted, isActing: true, target: target, in: context)
            marking = try await self.marking(versions, facts, upstream, in: context)
        }
        let known = versions.all + facts.compactMap { $0.value(of: FactName.version) }
        var state = SchemaState(
            history: known, wanted: wanted, attempt: try await attempt(wanted, facts, in: context),
            running: end?.running, kind: pending.flatMap { MigrationStep($0) }?.order.runner.kind ?? kind,
            question: end?.question,
            marking: marking.orders,
            declared: versions.declared,
            isMovedElsewhere: versions.isUnrecorded && versions.adopted.count < versions.all.count,
            probed: probed)
        state.isNewImage = try await isNewImage(upstream)
        // A run that records an end goes on to what it was cut off before.
        state.isMarkOpen = pending?.order.isMark == true || end?.settlement?.isEnd == true
        if let migration = pending.flatMap({ MigrationStep($0) }) {
            state.isOvertaken = migration.order.identity != wanted.map { identity(of: $0).digest }
        }
        // A call that was not answered is made again, and must be seen to be the one that was approved.
        if end.map(\.isCallAgain) ?? true, state.kind == .ecsTask, case .migration = state.need(spec) {
            state.launch = try await use.tasks.settings()
        }
        if pending == nil {
            state.held = try await held(state, upstream)
            if case .migration = state.need(spec) {
                state.busy = try await use.occupant(after: isAfter ? history.resource : nil, in: context)
                if known.isEmpty {
                    state.unqualifiedMark = try await history.unqualifiedMark()
                    state.namesake = try await history.namesake(in: context)
                }
            }
        }
        return Seen(
            .present(state), settlement: end?.settlement,
            adopted: history.adopted(versions) + marking.seen)
    }

    /// Whether a service is on another revision than those that are wanted.
    private func isMoving(_ upstream: Outputs) async throws(Failure) -> Bool {
        var wanted: Set<String> = []
        for definition in [definition] + inputs.otherDefinitions {
            guard let revision = upstream[definition]?.revision else { return true }
            wanted.insert(revision)
        }
        for name in access.serviceNames
        where !wanted.contains(try await access.services.known(name).taskDefinition) { return true }
        return false
    }

    /// A revision may be new for other reasons than its image.
    private func isNewImage(_ upstream: Outputs) async throws(Failure) -> Bool {
        guard upstream[definition] == nil, let released = upstream[image] else { return false }
        let service = try await access.services.known(spec.migrate.service ?? access.serviceNames[0])
        if service.isAbsent { return true }
        let runs = try await access.definitions.summary(service.taskDefinition, for: id)
        return !runs.containers.contains { $0.image == released.reference }
    }

    /// What marks a revision with the version that the database is at, and what the ledger learns of marks that are there.
    private struct Marking {
        var orders: [MarkOrder] = []
        var seen: [Fact] = []
    }

    /// - Parameter facts: of an end that this look has found.
    private func marking(
        _ versions: SchemaHistory.Versions, _ facts: [Fact], _ upstream: Outputs, in context: Context
    ) async throws(Failure) -> Marking {
        let last = facts.compactMap { $0.value(of: FactName.version) }.last ?? versions.all.last
        guard !versions.isUnrecorded, let last, isOwn(last, wanted(upstream)) else { return Marking() }
        let own = try await ownMarking(last, versions.declared, facts, upstream, in: context)
        let orders = own.map { [$0] } ?? []
        if versions.declared == .none { return Marking(orders: orders) }
        // A declaration that could not be marked everywhere.
        let unmarked = try await history.unmarked(versions.declared, in: context)
        let mark = SchemaMark(last, declared: versions.declared)
        return Marking(orders: orders + unmarked.revisions.map { MarkOrder(mark, on: $0) }, seen: unmarked.seen)
    }

    private func ownMarking(
        _ version: String, _ declared: Declaration, _ facts: [Fact], _ upstream: Outputs, in context: Context
    ) async throws(Failure) -> MarkOrder? {
        if let revision = upstream[definition]?.revision {
            let wanted = wanted(upstream)
            let own = SchemaMark(spec.version == .image ? wanted ?? version : version, declared: declared)
            let known = try await history.knownMark(on: revision, in: context)
            // What the services run bears the latest declaration: an older ledger that sees it gives way. And where they
            // are moved to a revision that was there before, its mark may be of another time, or was never set.
            let isOutdated = (known?.declared ?? .none).number < declared.number
            if isOutdated || known?.version != own.version && history.isSame(own.version, wanted) {
                return MarkOrder(own, on: revision)
            }
        }
        if try await context.ledger.fact(history.subject, FactName.marked) == version { return nil }
        let found = facts.compactMap { $0.value(of: FactName.migratedFrom) }.last
        let recorded = try await context.ledger.fact(history.subject, FactName.migratedFrom)
        return (found ?? recorded).map { MarkOrder(SchemaMark(version, declared: declared), on: $0) }
    }

    /// Whether a version is this migration's to mark, of two that one manifest names for its database.
    private func isOwn(_ version: String, _ wanted: String?) -> Bool {
        isAfter ? history.isSame(version, wanted) : !spec.isAtSuccessor(version)
    }

    /// Which old code still runs, where the migration must not meet any.
    private func held(_ state: SchemaState, _ upstream: Outputs) async throws(Failure) -> String? {
        guard isAfter, case .migration = state.need(spec) else { return nil }
        let oldTasks = OldTasks(cluster: access.cluster.name, services: access.serviceNames, client: access.ecs)
        var revisions: [String: String] = [:]
        for service in inputs.services { revisions[service.id.name] = upstream[service]?.revision }
        return try await oldTasks.alive(besides: revisions, for: id)
    }

    private func wanted(_ upstream: Outputs) -> String? {
        switch spec.version {
        case .declared(let version): version
        case .image: upstream[image]?.identity
        case .lastApplied: nil
        }
    }

    /// - Parameter facts: of an end that this look has found: they are in the ledger when the next attempt is made.
    private func attempt(_ wanted: String?, _ facts: [Fact], in context: Context) async throws(Failure) -> Int {
        guard let wanted else { return 1 }
        let name = FactName.failed(identity(of: wanted).digest)
        let recorded = try await context.ledger.facts(history.subject, name).count
        return recorded + facts.count { $0.name == name.name } + 1
    }

    func identity(of version: String) -> MigrationIdentity {
        MigrationIdentity(clusterARN: access.cluster.arn, database: spec.database, version: version)
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<SchemaState>
    ) throws(Failure) -> Intention<SchemaOrder> {
        guard case .present(let state) = observed else { throw unexpected("a change") }
        if let question = state.question, let prober { return prober.intention(question) }
        if change.action == .mark {
            guard let order = state.marking.first else { throw unexpected("a mark") }
            return Intention(token: identity(of: order.mark.version).digest, order: .mark(order))
        }
        guard let wanted = state.wanted, let revision = upstream[definition]?.revision else {
            throw unexpected("a migration")
        }
        let identity = identity(of: wanted)
        let order = MigrationOrder(
            of: identity, isImage: spec.version == .image, attempt: state.attempt, from: state.history.last,
            declared: state.declared, revision: revision, container: container,
            command: access.ledger.digest(of: JSON(spec.migrate.command).canonical),
            environmentNames: spec.migrate.environment.keys.sorted { $0.precedes($1) },
            runner: runners[kind].announcement(image: upstream[image]?.reference))
        return Intention(
            token: identity.token(attempt: state.attempt, declared: state.declared), order: .migrate(order))
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<SchemaState>,
        in context: Context
    ) async throws(Failure) -> Reply<ProgramReceipt> {
        switch step.order {
        case .probe(let order):
            guard let prober else { throw unexpected("a probe") }
            return .accepted(.task(try await prober.start(order, token: step.intent.token, in: context)))
        case .mark(let order):
            return .done(
                evidence: order.evidence, facts: try await history.set(order, in: context))
        case .migrate(let order):
            guard var migration = MigrationStep(step) else { throw unexpected("a migration") }
            if case .present(let state) = observed { migration.launch = state.launch }
            do { return .accepted(try await runners.start(migration, in: context)) } catch let error
                where error.code == .migrationNotStarted
            {
                let failure =
                    isAfter ? error : try await LeftRevision.named(in: error, order.revision, of: families, history)
                // ECS took the request: its token may stand for this answer from now on.
                return .refused(failure, facts: MigrationFacts.failed(order, subject: history.subject, task: "none"))
            }
        case .stop: throw unexpected("a stop")
        }
    }

    /// The families of the services' revisions; that of a definition of the migration's own is not among them.
    var families: [String] {
        let ids = (spec.migrate.definition == nil ? [definition.id] : []) + inputs.otherDefinitions.map(\.id)
        return Set(ids.map { String($0.name.prefix { $0 != "@" }) }).sorted { $0.precedes($1) }
    }

    func unexpected(_ what: String) -> Failure {
        .broken("\(what) was to be carried out that nothing asks for", of: id)
    }
}
