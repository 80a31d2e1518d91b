import JSON

/// What a RunTask changes in the definition's containers (ECS API Reference, TaskOverride, ContainerOverride).
struct TaskOverrides: Sendable, Equatable {
    private struct Container: Sendable, Equatable {
        var command: [String]?
        var environment: [ContainerLaunch.Variable] = []
    }

    private var containers: [String: Container] = [:]

    /// "A total of 8192 characters are allowed for overrides. This limit includes the JSON formatting characters of the
    /// override structure." (RunTask)
    private static let longest = 8_192

    /// None.
    init() {}

    init(_ input: Input?, of revision: RevisionRecord) throws(ECSFault) {
        guard let input else { return }
        guard input.json.compact.utf8.count <= Self.longest else {
            throw .parameter("Overrides are too long: at most 8192 characters are allowed.")
        }
        let known = revision.containers.compactMap { $0["name"]?.string }
        for override in try input.objects("containerOverrides") ?? [] {
            let name = try override.required("name")
            guard known.contains(name) else {
                throw .parameter("Override for container named \(name) is not a container in the TaskDefinition.")
            }
            var container = Container()
            container.command = try override.strings("command").flatMap { $0.isEmpty ? nil : $0 }
            for variable in try override.objects("environment") ?? [] {
                container.environment.append(
                    ContainerLaunch.Variable(
                        name: try variable.required("name"), value: try variable.string("value") ?? ""))
            }
            containers[name] = container
        }
    }

    /// What is started for a container of the definition. An override's variable takes the place of the definition's.
    func launch(of definition: JSON, _ key: ContainerKey, address: String) -> ContainerLaunch {
        let override = containers[key.container]
        var environment = (definition["environment"]?.elements ?? []).map {
            ContainerLaunch.Variable(name: $0["name"]?.string ?? "", value: $0["value"]?.string ?? "")
        }
        for variable in override?.environment ?? [] {
            environment.removeAll { $0.name == variable.name }
            environment.append(variable)
        }
        return ContainerLaunch(
            key: key, image: definition["image"]?.string ?? "", entryPoint: Self.words(definition["entryPoint"]),
            command: override?.command ?? Self.words(definition["command"]), environment: environment,
            address: address, log: Self.log(definition, key),
            // "If the parameter is not specified, the default value of 30 seconds is used." (stopTimeout)
            stopTimeout: (definition["stopTimeout"]?.integer ?? 30) * 1_000)
    }

    private static func words(_ json: JSON?) -> [String]? {
        let words = json?.elements.compactMap(\.string) ?? []
        return words.isEmpty ? nil : words
    }

    /// (ECS Developer Guide, "Send Amazon ECS logs to CloudWatch": `prefix-name/container-name/ecs-task-id`.)
    private static func log(_ definition: JSON, _ key: ContainerKey) -> LogStreamName? {
        let configuration = definition["logConfiguration"]
        guard configuration?["logDriver"]?.string == "awslogs",
            let group = configuration?["options"]?["awslogs-group"]?.string
        else { return nil }
        guard let prefix = configuration?["options"]?["awslogs-stream-prefix"]?.string else {
            return LogStreamName(group: group, stream: key.task)
        }
        return LogStreamName(group: group, stream: "\(prefix)/\(key.container)/\(key.task)")
    }
}
