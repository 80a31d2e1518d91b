/// The pages for people, in plain text.
enum StatusPage {
    private static let shownTasks = 10

    /// One line per service, and the newest tasks.
    static func overview(_ model: ECSModel) -> String {
        var lines: [String] = []
        var tasks: [TaskRecord] = []
        for cluster in model.clusterNames.compactMap({ model.clusters[$0] }) {
            for service in cluster.serviceNames.compactMap({ cluster.services[$0] }) where service.status != .inactive {
                let living = cluster.livingTasks(of: service.name)
                let revision = service.definition.split(separator: "/").last ?? ""
                let image = model.revision(service.definition)?.containers.first?["image"]?.string ?? ""
                let addresses = addresses(living, model).joined(separator: " ")
                lines.append(
                    "service \(service.name)  \(revision)  \(image)  "
                        + "\(ServiceRecord.running(living))/\(service.desiredCount) running  \(addresses)")
            }
            tasks += cluster.tasksInOrder
        }
        for task in tasks.sorted(by: { $0.sequence > $1.sequence }).prefix(shownTasks) {
            let reason = task.stoppedReason.map { "  \($0)" } ?? ""
            let codes = task.containers.compactMap(\.exitCode).map { "  exit \($0)" }.joined()
            let revision = task.origin.definition.split(separator: "/").last ?? ""
            lines.append("task \(task.id)  \(revision)  \(task.origin.group)  \(task.status.rawValue)\(codes)\(reason)")
        }
        return lines.map { "\($0)\n" }.joined()
    }

    /// The addresses of a service's running tasks, one per line; nil where there is no such service.
    static func addresses(of name: String, _ model: ECSModel) -> String? {
        for cluster in model.clusterNames.compactMap({ model.clusters[$0] }) where cluster.services[name] != nil {
            return addresses(cluster.livingTasks(of: name), model).map { "\($0)\n" }.joined()
        }
        return nil
    }

    /// `http://ADDRESS:PORT` for every port of every running task, those that work for sure first.
    private static func addresses(_ tasks: [TaskRecord], _ model: ECSModel) -> [String] {
        let serving = tasks.filter { $0.status == .running && $0.isWanted }
        return (serving.filter(\.isHealthy) + serving.filter { !$0.isHealthy }).flatMap { task in
            let containers = model.revision(task.origin.definition)?.containers ?? []
            let ports = containers.flatMap { $0["portMappings"]?.elements ?? [] }
            return ports.compactMap { $0["containerPort"]?.integer }.map { "http://\(task.address):\($0)" }
        }
    }
}
