import JSON

/// What RegisterTaskDefinition refuses (ECS API Reference, RegisterTaskDefinition and ContainerDefinition).
enum TaskDefinitionCheck {
    static func family(_ input: Input) throws(ECSFault) -> String {
        guard let family = try input.string("family"), !family.isEmpty else {
            throw .client("Family should not be null or empty.")
        }
        guard ECSModel.isName(family) else {
            throw .client("Invalid family: only letters, numbers, hyphens and underscores are allowed, at most 255.")
        }
        return family
    }

    static func containers(_ input: Input) throws(ECSFault) {
        for key in ["cpu", "memory", "taskRoleArn", "executionRoleArn", "networkMode"] { _ = try input.string(key) }
        for key in ["volumes", "placementConstraints"] { _ = try input.objects(key) }
        guard let containers = try input.objects("containerDefinitions"), !containers.isEmpty else {
            throw .client("Container list cannot be empty.")
        }
        guard containers.count <= 10 else { throw .client("Too many containers: at most 10 are allowed.") }
        var names: Set<String> = []
        var hasEssential = false
        for container in containers {
            guard let name = try container.string("name"), !name.isEmpty else {
                throw .client("Container.name should not be null or empty.")
            }
            guard ECSModel.isName(name) else { throw .client("Invalid container name: \(name)") }
            guard names.insert(name).inserted else { throw .client("Container names must be unique: \(name)") }
            guard let image = try container.string("image"), !image.isEmpty else {
                throw .client("Container.image should not be null or empty.")
            }
            if try container.bool("essential") ?? true { hasEssential = true }
            try self.container(container)
        }
        guard hasEssential else { throw .client("At least one container in a task must be essential.") }
        try fargate(input)
    }

    /// Reads what the model uses later, so that a wrong type is refused here.
    private static func container(_ container: Input) throws(ECSFault) {
        for key in ["command", "entryPoint", "links", "dnsServers", "dnsSearchDomains"] {
            _ = try container.strings(key)
        }
        for key in ["cpu", "memory", "memoryReservation", "startTimeout"] { _ = try container.integer(key) }
        for key in ["privileged", "readonlyRootFilesystem", "interactive", "pseudoTerminal", "disableNetworking"] {
            _ = try container.bool(key)
        }
        for key in ["mountPoints", "volumesFrom", "dependsOn", "ulimits", "secrets"] { _ = try container.objects(key) }
        for key in ["logConfiguration", "healthCheck", "linuxParameters"] { _ = try container.object(key) }
        for variable in try container.objects("environment") ?? [] {
            guard let name = try variable.string("name"), !name.isEmpty else {
                throw .client("Environment variable name should not be null or empty.")
            }
            _ = try variable.string("value")
        }
        _ = try container.objects("portMappings")
        if let policy = try container.object("restartPolicy") {
            guard try policy.bool("enabled") != nil else { throw .client("restartPolicy.enabled is required.") }
        }
        if let timeout = try container.integer("stopTimeout") {
            guard (0...120).contains(timeout) else { throw .client("stopTimeout must be at most 120 seconds.") }
        }
    }

    private static func fargate(_ input: Input) throws(ECSFault) {
        guard try input.strings("requiresCompatibilities")?.contains("FARGATE") ?? false else { return }
        guard try input.string("networkMode") == "awsvpc" else {
            throw .client("Fargate only supports network mode ‘awsvpc’.")
        }
        guard input.json["cpu"] != nil, input.json["memory"] != nil else {
            throw .client("Fargate requires that 'cpu' and 'memory' be defined at the task level.")
        }
    }
}
