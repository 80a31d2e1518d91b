import JSON

/// What starts tasks of the services' definitions besides the services.
extension Referee {
    /// A rule is moved once the services run what it is moved to.
    mutating func judgeSchedule(_ input: JSON, _ launch: Launch, _ world: World) {
        let rule = input["Rule"]?.string ?? "?"
        guard let target = input["Targets"]?.elements.first,
            let revision = target["EcsParameters"]?["TaskDefinitionArn"]?.string,
            let needed = world.version(of: revision), let service = landscape.services.first
        else { return report("S1", "\(rule) is moved to what is no revision") }
        if landscape.hasSchema, !world[launch.cluster].applied.contains(where: { $0 >= needed }) {
            report("S1", "\(rule) is moved to an image that needs \(needed), and the database does not have it")
        }
        // Another user, or what an older look has shown.
        guard hasSeen.isDisjoint(with: [.stale, .strange]), shadows.count == 1 else { return }
        let shown = world.services([service.name], in: launch.cluster).first
        if shown?["taskDefinition"]?.string != revision {
            report("S1", "\(rule) is moved to \(revision), and \(service.name) does not run it")
        }
    }

    /// What old code does not survive is started when nothing starts old code any more.
    mutating func judgeContractionOfSchedule(_ input: JSON, _ launch: Launch, _ world: World) {
        guard landscape.hasSchedule, let version = world.version(running: input),
            landscape.images.values.contains(where: { $0.contraction == version }),
            world.scheduled(in: launch.cluster) != input["taskDefinition"]?.string
        else { return }
        report("S15", "the migration to \(version) is started, and a rule still starts older code")
    }

    /// When an apply is over, the rule starts what the manifest wants.
    mutating func followed(_ launch: Launch, _ world: World) {
        guard landscape.hasSchedule, launch.until == nil, !hasSeen.contains(.stale), shadows.count < 2,
            world.scheduled(in: launch.cluster).flatMap(world.image) != launch.digest
        else { return }
        report("S9", "the apply is over, and the rule does not start \(launch.tag)")
    }
}
