import Base
import Manifest
import Reconciler

/// What starts tasks of the services' definitions, besides the services.
extension Blueprint {
    func schedule(_ spec: ScheduleSpec) -> ScheduleResource {
        ScheduleResource(
            door: ScheduleDoor(spec: spec, clients: access.clients), cluster: access.cluster,
            runs: access.serviceNames.map { name in
                let shared = definition(of: name)
                return ScheduleResource.Run(
                    family: shared.base.family, service: Dependency(ResourceID(Kind.service, name)),
                    definition: Dependency(shared.id))
            })
    }

    /// nil where nobody asks for it.
    var survey: StarterComparison? {
        guard surroundings.driftScope?.readsSchedules == true else { return nil }
        return StarterComparison(
            access: access, schedules: manifest.schedules, shared: surroundings.pools?.starters ?? SharedReading())
    }
}
