import JSON

/// Makes the world at a start: the one that was left, or a new one from `sandbox.json`.
enum WorldSeed {
    static func make(_ files: WorldFiles, incarnation: String, at now: Int) throws -> AWSModel {
        let seed = try files.readSeed()
        let limits = Limits(seed["limits"] ?? [:])
        if let state = try files.readState() {
            guard let ecs = ECSModel(snapshot: state, incarnation: incarnation, limits: limits, at: now) else {
                throw SandboxError(
                    "\(files.directory)/state.json is not a state that this release wrote",
                    hint: "remove it to begin again with sandbox.json")
            }
            return AWSModel(ecs: ecs, kept: state)
        }
        let ecs = ECSModel(
            account: seed["account"]?.string ?? "123456789012", region: seed["region"]?.string ?? "us-east-1",
            seed: incarnation, limits: limits)
        var model = AWSModel(ecs: ecs)
        try plant(seed, in: &model, at: now)
        return model
    }

    private static func plant(_ seed: JSON, in model: inout AWSModel, at now: Int) throws {
        let known = triggers.union([
            "$schema", "account", "region", "clusters", "taskDefinitions", "services", "limits",
        ])
        if let key = seed.object?.keys.first(where: { !known.contains($0) }) {
            throw SandboxError(
                "sandbox.json: the key \"\(key)\" is not known", hint: "see docs/sandbox.md for the keys")
        }
        let limits = Set(model.ecs.limits.json.object?.keys ?? []).union(["capacity"])
        if let key = seed["limits"]?.object?.keys.first(where: { !limits.contains($0) }) {
            throw SandboxError(
                "sandbox.json: the limit \"\(key)\" is not known", hint: "see docs/sandbox.md for the limits")
        }
        for (index, cluster) in (seed["clusters"]?.elements ?? ["default"]).enumerated() {
            try call("CreateCluster", ["clusterName": cluster], "clusters[\(index)]", &model, now)
        }
        for (index, definition) in (seed["taskDefinitions"]?.elements ?? []).enumerated() {
            try call("RegisterTaskDefinition", definition, "taskDefinitions[\(index)]", &model, now)
        }
        for (index, service) in (seed["services"]?.elements ?? []).enumerated() {
            try plant(service, "services[\(index)]", &model, now)
        }
        try plantTriggers(seed, in: &model, at: now)
    }

    /// CreateService makes no services of Express Mode: of a service that is there it is said who manages it.
    private static func plant(_ service: JSON, _ place: String, _ model: inout AWSModel, _ now: Int) throws {
        var request = service
        request["resourceManagementType"] = nil
        try call("CreateService", request, place, &model, now)
        guard service["resourceManagementType"] == "ECS", let name = service["serviceName"]?.string else { return }
        let cluster = try model.ecs.clusterName(Input(service))
        model.ecs.clusters[cluster]?.services[name]?.isExpress = true
    }

    private static let triggers: Set = ["rules", "schedules", "stateMachines"]

    /// What starts tasks. A rule has the members of PutRule, and those of PutTargets.
    private static func plantTriggers(_ seed: JSON, in model: inout AWSModel, at now: Int) throws {
        for (index, rule) in (seed["rules"]?.elements ?? []).enumerated() {
            let place = "rules[\(index)]"
            try call("PutRule", rule, place, of: .events, &model, now)
            var targets = rule
            targets["Rule"] = rule["Name"]
            try call("PutTargets", targets, place, of: .events, &model, now)
        }
        for (index, schedule) in (seed["schedules"]?.elements ?? []).enumerated() {
            // It may have begun long ago.
            let start = schedule["StartDate"]?.integer.map { $0 * 1_000 } ?? now
            try call("CreateSchedule", schedule, "schedules[\(index)]", of: .scheduler, &model, min(start, now))
        }
        for (index, machine) in (seed["stateMachines"]?.elements ?? []).enumerated() {
            var machine = machine
            if let written = machine["definition"], written.object != nil {
                machine["definition"] = .string(written.compact)
            }
            try call("CreateStateMachine", machine, "stateMachines[\(index)]", of: .states, &model, now)
        }
    }

    private static func call(
        _ operation: String, _ input: JSON, _ place: String, of service: AWSModel.Service = .ecs,
        _ model: inout AWSModel, _ now: Int
    ) throws {
        if case .failure(let fault) = model.handle(service, operation, input, at: now) {
            throw SandboxError(
                "sandbox.json: \(place): \(fault.code): \(fault.message)",
                hint: "fix it in sandbox.json")
        }
    }
}
