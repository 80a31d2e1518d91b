import AWS
import Base
import Hashing
import JSON
import Ledger
import Manifest
import Reconciler

/// A rule or a schedule that starts tasks of the services' definitions: it follows once the services run the new revision.
struct ScheduleResource: Resource, Decidable {
    typealias Order = ScheduleOrder
    typealias Receipt = NoRecord

    struct State: Sendable, Equatable {
        /// What it starts in ECS.
        let tasks: [ScheduledTask]
        /// What an earlier call has set and a reading does not show yet.
        var unseen: String?
    }

    /// What a service runs, and what it is to run.
    struct Run: Sendable {
        let family: String
        let service: Dependency<ServiceResource.Output>
        let definition: Dependency<TaskDefinitionResource.Output>
    }

    let door: ScheduleDoor
    let cluster: Cluster
    let runs: [Run]

    var id: ResourceID { door.id }
    var subject: String { Subject.schedule(door.place, cluster.arn) }
    var dependencies: [ResourceID] { runs.map(\.service.id) }

    func observe(pending step: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        guard let tasks = try await door.tasks() else {
            return Seen(.absent, settlement: step.map { _ in .abandoned("there is no \(door.title) any more") })
        }
        var state = State(tasks: tasks)
        guard let step else { return Seen(.present(state)) }
        let isDone = step.order.moves.allSatisfy { move in
            tasks.contains { $0.target == move.target && $0.definition == move.to }
        }
        if isDone {
            let summary = "the \(door.title) runs \(step.order.summary)"
            return Seen(
                .present(state), settlement: .succeeded(evidence: ["summary": .string(summary)], facts: []))
        }
        if step.receipt != nil, IntentAge(step.intent, in: context).maySeeStale {
            state.unseen = "the change of the \(door.title) is not visible yet"
            return Seen(.present(state))
        }
        // Both calls are absolute: to make one again does no harm.
        return Seen(
            .present(state),
            settlement: .abandoned(
                "an earlier change of the \(door.title) is not there: it is made if it is still needed"))
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        guard case .present(let state) = observed else { return .blocked(missing) }
        if let unseen = state.unseen {
            return .wait(
                unseen,
                Need.Patience(
                    limit: .seconds(2 * IntentAge.settleBound), atWork: "AWS may take a minute to show a change.",
                    hint: "Run the same command again to go on waiting for it"))
        }
        let moves = moves(state, upstream)
        if moves.isEmpty { return settled(state) }
        let fields = moves.map { move in
            FieldChange(
                path: (move.target.map { "targets[\($0)]." } ?? "") + "taskDefinition",
                from: Self.shown(move.from), to: move.to.map(RevisionARN.shortName) ?? "the revision to be registered")
        }
        let reasons = fields.map { "\($0.from ?? "") -> \($0.to ?? "")" }
        var once: [String] = []
        for reason in reasons where !once.contains(reason) { once.append(reason) }
        return Change(
            .update, once.joined(separator: ", "), fields: fields, notes: notes(moves),
            content: Change.Content([
                "targets": JSON.array(moves.map { .members(["target": $0.target, "from": $0.from]) })
            ]))
    }

    private var missing: Failure {
        Failure(
            .scheduleMissing, "there is no \(door.title)", of: id,
            hint: "create it with your infrastructure code, or take it out of \"schedules\" in the manifest")
    }

    private func settled(_ state: State) -> Change {
        let own = state.tasks.filter { run(of: $0) != nil }
        if own.isEmpty {
            return .none(
                "the \(door.title) starts nothing of the services' families",
                notes: [
                    "the \(door.title) starts no task of \(families) in the cluster: is it the one that is meant, and not over?"
                ])
        }
        let names = Set(own.map { Self.shown($0.definition) }).sorted { $0.precedes($1) }
        return .none("the \(door.title) runs \(names.joined(separator: ", "))")
    }

    private var families: String { Set(runs.map(\.family)).sorted { $0.precedes($1) }.joined(separator: ", ") }

    /// A family alone means the newest revision, which may be one that is still to be migrated for.
    private func notes(_ moves: [ScheduleMove]) -> [String] {
        moves.contains { TaskReference($0.from)?.revision == nil }
            ? ["the \(door.title) names a family without a revision: it gets the one that the services run"] : []
    }

    static func shown(_ definition: String) -> String { TaskReference(definition)?.shown ?? definition }

    private func run(of task: ScheduledTask) -> Run? {
        guard task.cluster == cluster.arn, let family = TaskReference(task.definition)?.family else { return nil }
        return runs.first { $0.family == family }
    }

    /// What has to change. Of services of one family that run different revisions the first one counts, unless the target
    /// runs what another one of them runs.
    func moves(_ state: State, _ upstream: Outputs) -> [ScheduleMove] {
        state.tasks.compactMap { task in
            guard let run = run(of: task), let reference = TaskReference(task.definition) else { return nil }
            let services = runs.filter { $0.family == run.family }
            let running = services.compactMap { upstream[$0.service]?.revision }
            // As long as a service still moves, what it is to run is only expected.
            let isThere = running.count == services.count
            let wanted = isThere ? running : services.compactMap { upstream[$0.definition]?.revision }
            if wanted.contains(where: reference.isPinned) { return nil }
            return ScheduleMove(target: task.target, from: task.definition, to: wanted.first)
        }
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<State>
    ) throws(Failure) -> Intention<ScheduleOrder> {
        guard case .present(let state) = observed else { throw .broken("\(id) was not looked at", of: id) }
        let moves = moves(state, upstream)
        guard !moves.isEmpty, moves.allSatisfy({ $0.to != nil }) else {
            throw .broken("a schedule is moved to a revision that is not there", of: id)
        }
        let order = ScheduleOrder(moves)
        return Intention(token: SHA256.hex("\(subject)\n\(order.json.canonical)"), order: order)
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<State>, in context: Context
    ) async throws(Failure) -> Reply<NoRecord> {
        try await door.carryOut(step.order.moves)
        return .accepted(NoRecord())
    }
}
