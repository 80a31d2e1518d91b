import Base

/// What a service's definition is made from.
struct ServiceBase: Sendable {
    let service: String
    let family: String
    /// The names of the containers whose image is replaced.
    let released: [String]
    /// The container in which a migration or a command of this service runs.
    let own: TaskDefinitionSummary.Container
    /// What a plan says of the containers that keep their image.
    let note: String?
    /// What tells apart two bases of one family.
    let content: String
    /// Volumes that the service configures.
    let launchVolumes: [String]
}

/// A definition and the services that get it.
struct SharedDefinition: Sendable {
    let id: ResourceID
    /// Of each service that gets it; they are the same apart from the service and its own container.
    private(set) var bases: [ServiceBase]

    var base: ServiceBase { bases[0] }
    var services: [String] { bases.map(\.service) }

    /// The container in which a service's migration or command runs.
    func own(of service: String) -> TaskDefinitionSummary.Container {
        (bases.first { $0.service == service } ?? base).own
    }

    /// Services whose definitions come from the same content share one revision; others of the same family do not.
    static func all(of bases: [ServiceBase]) -> [SharedDefinition] {
        var all: [SharedDefinition] = []
        for base in bases {
            if let index = all.firstIndex(where: {
                $0.base.family == base.family && $0.base.content == base.content && $0.base.released == base.released
            }) {
                all[index].bases.append(base)
            } else {
                let isFirst = !all.contains { $0.base.family == base.family }
                let name = isFirst ? base.family : "\(base.family)@\(base.service)"
                all.append(SharedDefinition(id: ResourceID("task-definition", name), bases: [base]))
            }
        }
        return all
    }
}
