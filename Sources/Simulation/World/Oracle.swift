import JSON

/// What only a checker may ask: the model's present state, past every fault and delay.
extension World {
    /// Whether ECS may have forgotten tokens: two ledgers then count attempts differently, and nothing keeps them apart.
    var isPastTokens: Bool { now > World.birth + 3_600_000 }

    /// Answers a reading without leaving a trace.
    func asked(_ operation: String, _ input: JSON) -> JSON {
        var copy = model
        switch copy.handle(.ecs, operation, input, at: now) {
        case .success(let answer): return answer
        case .failure: return [:]
        }
    }

    /// Whether a RunTask begins a task, and is not answered with the one that its token has started.
    func begins(_ input: JSON) -> Bool {
        let task = asked("RunTask", input)["tasks"]?.elements.first?["taskArn"]?.string
        return task.map { tasks([$0]).isEmpty } ?? true
    }

    /// The command of a RunTask.
    static func words(of input: JSON) -> [String] {
        let override = input["overrides"]?["containerOverrides"]?.elements.first
        return override?["command"]?.elements.compactMap(\.string) ?? []
    }

    /// The container that is released, of definitions' or tasks' containers.
    static func app(in containers: JSON?) -> JSON? { containers?.elements.first { $0["name"] == "app" } }

    /// The digest of a revision's image.
    func image(of revision: String) -> String? {
        let answer = asked("DescribeTaskDefinition", ["taskDefinition": .string(revision)])
        let image = Self.app(in: answer["taskDefinition"]?["containerDefinitions"])?["image"]?.string
        return image?.split(separator: "@").last.map(String.init)
    }

    /// What a registration has otherwise than the family's first revision, next to the image, which alone is ours to change.
    func lost(_ registration: JSON) -> String? {
        let first = asked(
            "DescribeTaskDefinition", ["taskDefinition": .string("\(registration["family"]?.string ?? ""):1")])
        let old = Self.app(in: first["taskDefinition"]?["containerDefinitions"])
        let new = Self.app(in: registration["containerDefinitions"])
        return ["environment", "logConfiguration", "essential"].first { old?[$0]?.canonical != new?[$0]?.canonical }
    }

    /// What a revision's tag says that it was registered for.
    func content(of revision: String) -> String {
        let answer = asked("DescribeTaskDefinition", ["taskDefinition": .string(revision), "include": ["TAGS"]])
        return answer["tags"]?.elements.first { $0["key"] == "reconcile:digest" }?["value"]?.string ?? "?"
    }

    /// The version that a mark on a revision tells of a cluster's database.
    func mark(on revision: String, of cluster: String) -> String? {
        let answer = asked("DescribeTaskDefinition", ["taskDefinition": .string(revision), "include": ["TAGS"]])
        return Self.mark(in: answer["tags"], of: cluster)
    }

    static func mark(in tags: JSON?, of cluster: String) -> String? {
        let key = "reconcile:schema:\(cluster)/\(Landscape.database)"
        return tags?.elements.first { $0["key"]?.string == key }?["value"]?.string
    }

    /// The cluster in the subject of an intent or a fact.
    static func cluster(of subject: String?) -> String {
        let parts = (subject ?? "").split(separator: "/")
        return parts.count > 2 ? String(parts[parts.count - 2]) : Landscape.cluster
    }

    /// Whether a service's events do not reach back to a moment, and no deployment is listed of the revision.
    func hasForgotten(_ service: String, in cluster: String, since moment: Int, besides revision: String) -> Bool {
        let shown = services([service], in: cluster).first
        let isListed = shown?["deployments"]?.elements.contains { $0["taskDefinition"]?.string == revision } ?? false
        let events = shown?["events"]?.elements ?? []
        let oldest = events.last?["createdAt"]?.double ?? 0
        return !isListed && events.count >= 100 && oldest * 1_000 > Double(moment)
    }

    /// Whether a service's events say that ECS gave a deployment up since a moment, and none is listed of the revision.
    func hasGivenUp(_ service: String, in cluster: String, since moment: Int, besides revision: String) -> Bool {
        let shown = services([service], in: cluster).first
        let isListed = shown?["deployments"]?.elements.contains { $0["taskDefinition"]?.string == revision } ?? false
        return !isListed
            && shown?["events"]?.elements.contains { event in
                event["message"]?.string?.contains("deployment failed") == true
                    && (event["createdAt"]?.double ?? 0) * 1_000 >= Double(moment)
            } ?? false
    }

    /// Whether ECS shows how a task is: that it goes on, or with which exit code it ended by itself.
    func isTold(_ task: String) -> Bool {
        if let program = programs[task] {
            // Of an invocation nothing is shown but its answer.
            guard task.hasPrefix("process/") else { return false }
            return if case .exited = program.end { true } else { program.end == nil }
        }
        guard let task = tasks([task]).first else { return false }
        if task["lastStatus"] != "STOPPED" { return true }
        let code = Self.app(in: task["containers"])?["exitCode"]?.integer
        // What another container's failure has ended may end in good order, undone.
        let isOutlived = code == 0 && task["containers"]?.elements.contains { $0["exitCode"] == 1 } ?? false
        return code != nil && !isOutlived && task["stopCode"] == "EssentialContainerExited"
    }

    /// The schema version that a migration's intent is to lead to.
    func version(of intent: JSON) -> String? {
        intent["revision"]?.string.flatMap(image).flatMap { images[$0]?.version(asked: intent["version"]?.string) }
    }

    /// The schema version that the migration of a RunTask leads to.
    func version(running input: JSON) -> String? {
        let variables = input["overrides"]?["containerOverrides"]?.elements.first?["environment"]?.elements ?? []
        let name = variables.first { $0["name"] == "RECONCILE_SCHEMA_VERSION" }?["value"]?.string
        return input["taskDefinition"]?.string.flatMap(image).flatMap { images[$0]?.version(asked: name) }
    }

    /// A task of one of the services that is alive and runs another image than a revision's.
    func oldTask(besides revision: String, _ services: [String], in cluster: String) -> String? {
        for service in services {
            for status in ["RUNNING", "STOPPED"] {
                let listed = asked(
                    "ListTasks",
                    [
                        "cluster": .string(cluster), "serviceName": .string(service),
                        "desiredStatus": .string(status),
                    ])
                let old = tasks(listed["taskArns"]?.elements.compactMap(\.string) ?? []).first { task in
                    task["lastStatus"] != "STOPPED"
                        && task["taskDefinitionArn"]?.string.flatMap(image) != image(of: revision)
                }
                if let old { return old["taskArn"]?.string }
            }
        }
        return nil
    }

    /// The schema version that a revision's image needs.
    func version(of revision: String) -> String? { image(of: revision).flatMap { images[$0]?.version } }

    func services(_ names: [String], in cluster: String) -> [JSON] {
        asked("DescribeServices", ["cluster": .string(cluster), "services": JSON(names)])["services"]?
            .elements ?? []
    }

    func tasks(_ arns: [String]) -> [JSON] {
        Dictionary(grouping: arns.suffix(100)) { Self.cluster(of: $0) }.sorted { $0.key < $1.key }.flatMap {
            cluster, arns in
            asked("DescribeTasks", ["cluster": .string(cluster), "tasks": JSON(arns)])["tasks"]?.elements ?? []
        }
    }

    /// Versions of a cluster's database that a mark on a revision of the families tells.
    func marks(_ families: [String], of cluster: String) -> Set<String> {
        var found: Set<String> = []
        for family in families {
            let listed = asked("ListTaskDefinitions", ["familyPrefix": .string(family)])["taskDefinitionArns"]
            // Of the migration's own family no service keeps a revision in sight.
            let old =
                family == Landscape.migrator
                ? asked("ListTaskDefinitions", ["familyPrefix": .string(family), "status": "INACTIVE"])[
                    "taskDefinitionArns"]
                : nil
            for arn in [listed, old].flatMap({ $0?.elements.compactMap(\.string) ?? [] }) {
                if let version = mark(on: arn, of: cluster) { found.insert(version) }
            }
        }
        return found
    }

    /// Where what a launch wants has come to, without names that differ from run to run: what must be the same after every
    /// crash.
    func summary(of launch: Launch, _ landscape: Landscape) -> [String] {
        let names = landscape.services.map(\.name).filter { launch.service == nil || $0 == launch.service }
        let services = services(names, in: launch.cluster).map { service -> String in
            let revision = service["taskDefinition"]?.string ?? ""
            let tag = image(of: revision).flatMap { digest in
                landscape.images.keys.first { Landscape.digest(of: $0) == digest }
            }
            let count = service["desiredCount"]?.integer ?? -1
            let running = service["runningCount"]?.integer ?? -1
            let state = service["deployments"]?.elements.first?["rolloutState"]?.string ?? "?"
            return "\(service["serviceName"]?.string ?? "?") on \(tag ?? "?"), \(running) of \(count), \(state)"
        }
        let database = self[launch.cluster]
        return services + [
            "schema \(database.applied.last ?? "none")", "running \(database.running.count + database.programs.count)",
        ]
    }
}
