import JSON

/// Calls that change something, judged before their effect.
extension Referee {
    /// A call that changes something, before its effect.
    mutating func sees(_ operation: String, _ input: JSON, by launch: Launch, epoch: Int64, _ world: World) {
        let shadow = shadows[launch.ledger, default: Shadow()]
        if launch.machine == nil, !launch.isBeside, epoch != shadow.locked {
            report("S7", "\(operation) of epoch \(epoch), and \(shadow.locked) has begun")
        }
        if !shadow.announces(operation, input) { report("S5", "\(operation) without an intent") }
        switch operation {
        case "UpdateService": judgeUpdate(input, launch, world)
        case "CreateService":
            var update = input
            update["service"] = input["serviceName"]
            update["desiredCount"] = nil
            judgeUpdate(update, launch, world)
        case "StopTask", "DeregisterTaskDefinition", "DeleteService":
            report("S12", "\(operation) was called")
        case "TagResource": judgeMark(input, world)
        case "PutTargets": judgeSchedule(input, launch, world)
        case "RunTask": judgeContractionOfSchedule(input, launch, world)
        case "RegisterTaskDefinition":
            judgeMark(input, world)
            if let lost = world.lost(input) { report("S10", "a new revision has not the first one's \(lost)") }
        default: break
        }
    }

    func isMigration(_ input: JSON) -> Bool { World.words(of: input).first == "db-migrate" }

    private mutating func judgeUpdate(_ input: JSON, _ launch: Launch, _ world: World) {
        if let count = input["desiredCount"]?.integer, count != launch.desiredCount {
            report("S10", "\(input["service"]?.string ?? "?") is scaled to \(count), which the manifest does not want")
        }
        let cluster = input["cluster"]?.string ?? "?"
        if input["desiredCount"] != nil, let name = input["service"]?.string, let bounds = world.targets[name],
            let shown = world.services([name], in: cluster).first?["desiredCount"]?.integer, bounds.contains(shown)
        {
            report("S10", "\(name) is scaled, and its count of \(shown) belongs to auto scaling")
        }
        guard let revision = input["taskDefinition"]?.string, let service = input["service"]?.string,
            let image = world.image(of: revision), let needed = world.version(of: revision)
        else { return }
        // Without its ledger a run has nothing but tags to go by.
        if let newer = order.newer(than: launch),
            !hasLostLedger || hasSeen.isDisjoint(with: [.stale, .strange, .denied])
        {
            report("S17", "release \(launch.sequence ?? 0) moves \(service) after release \(newer)")
        }
        if landscape.hasSchema, !world[cluster].applied.contains(where: { $0 >= needed }) {
            report(
                "S1",
                "\(service) is moved to an image that needs \(needed), and the database of \(cluster) has \(world[cluster].applied)"
            )
        }
        if image != launch.digest { report("S10", "\(service) is moved to an image that the manifest does not want") }
        let shadow = shadows[launch.ledger, default: Shadow()]
        let content = world.content(of: revision)
        if refused["\(cluster)/\(service)"]?.contains(image) == true, !launch.retriesFailed,
            shadow.knowsRefusal(of: service, content, in: cluster)
        {
            report("S11", "\(service) is moved to \(launch.tag) again, which ECS has rolled back")
        }
        // The service's events say that ECS has given it up, also when no deployment is listed any more.
        if !launch.retriesFailed, shadow.hasTried(service, content, in: cluster),
            Rollout(input, launch, world).map(rolledOut.contains) == true,
            hasSeen.isDisjoint(with: [.stale, .strange]),
            world.hasGivenUp(
                service, in: cluster, since: shadow.tried(service, content, in: cluster), besides: revision)
        {
            report("S11", "\(service) is moved to \(launch.tag) again, and its events say that ECS has given it up")
        }
        // Nor is it known that it was never moved there if no event is left of that time.
        if !launch.retriesFailed, shadow.hasTried(service, content, in: cluster), deployed.contains(revision),
            hasSeen.isDisjoint(with: [.stale, .strange]),
            world.hasForgotten(
                service, in: cluster, since: shadow.tried(service, content, in: cluster), besides: revision)
        {
            report("S11", "\(service) is moved to \(launch.tag) again, and no event is left of its first rollout")
        }
    }

    private mutating func judgeMark(_ input: JSON, _ world: World) {
        for cluster in landscape.clusters {
            guard let name = World.mark(in: input["tags"], of: cluster) else { continue }
            let version = world.images[name]?.version ?? name
            let known = landscape.images.values.contains { $0.version == version || $0.contraction == version }
            if known, !world[cluster].applied.contains(version) {
                report("S9", "a mark says that \(cluster) is at \(version), and the database does not have it")
            }
        }
    }
}
