import AWS
import Base
import Ledger
import Manifest
import Reconciler

/// What starts tasks of the environment's families besides its services and what the manifest moves: it is only compared, and
/// never changed.
struct StarterComparison: Resource {
    typealias Order = NoRecord
    typealias Receipt = NoRecord

    /// One that runs something else than the services.
    struct Stray: Sendable, Equatable {
        let starter: TaskStarter
        /// What it would run now.
        let runs: String
        /// What the services of the family run.
        let services: [String]
    }

    let access: EnvironmentAccess
    let schedules: [ScheduleSpec]
    let shared: SharedReading<String, StarterSurvey>

    var id: ResourceID { ResourceID(Kind.starters, access.environment) }
    var subject: String { Subject.environment(access.environment, access.cluster.arn) }
    var dependencies: [ResourceID] { access.serviceNames.map { ResourceID(Kind.service, $0) } }

    func observe(pending: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        var buses = [EventsClient.usualBus]
        for spec in schedules {
            if case .rule(let bus) = spec.place, !buses.contains(bus) { buses.append(bus) }
        }
        let reader = StarterReader(clients: access.clients, cluster: access.cluster, buses: buses)
        let key = ([access.cluster.arn] + buses).joined(separator: "\n")
        let survey = try await shared.value(key) { () throws(Failure) in
            let survey = await reader.read()
            // Once for all manifests of the cluster.
            for gap in survey.gaps { context.emit(.warning(id, gap)) }
            return survey
        }
        var running: [String: [String]] = [:]
        for name in access.serviceNames {
            let service = try await access.services.known(name)
            if service.isAbsent { continue }
            running[RevisionARN.family(of: service.taskDefinition), default: []].append(service.taskDefinition)
        }
        var strays: [Stray] = []
        for starter in survey.starters where !starter.isOne(of: schedules) {
            guard let services = running[starter.reference.family],
                let runs = try await revision(of: starter.reference), !services.contains(where: runs.isPinned)
            else { continue }
            strays.append(
                Stray(
                    starter: starter, runs: runs.shown,
                    services: Set(services.map(RevisionARN.shortName)).sorted { $0.precedes($1) }))
        }
        return Seen(.present(strays))
    }

    /// What it would run now; nil where there is no such revision.
    private func revision(of reference: TaskReference) async throws(Failure) -> TaskReference? {
        if reference.revision != nil { return reference }
        return try await access.definitions.newestARN(of: reference.family, for: id).flatMap(TaskReference.init)
    }

    func diff(_ observed: Observation<[Stray]>, upstream: Outputs) -> Change { .none("what starts tasks is compared") }

    func divergences(_ observed: Observation<[Stray]>, upstream: Outputs) -> [Divergence] {
        guard case .present(let strays) = observed else { return [] }
        return strays.map { stray in
            let services = stray.services.joined(separator: ", ")
            let runs = stray.starter.reference.revision == nil ? "the newest revision, \(stray.runs)" : stray.runs
            return Divergence(
                .world, "\(stray.starter.title) runs \(runs), and the services run \(services)",
                fields: [FieldChange(path: stray.starter.title, from: stray.runs, to: services)])
        }
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<[Stray]>
    ) throws(Failure) -> Intention<NoRecord> {
        throw .broken("what starts tasks is never changed by a comparison", of: id)
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<[Stray]>, in context: Context
    ) async throws(Failure) -> Reply<NoRecord> {
        throw .broken("what starts tasks is never changed by a comparison", of: id)
    }
}
