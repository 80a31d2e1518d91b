import JSON

/// Makes the world at a start: the one that was left, or a new one from `sandbox.json`.
enum WorldSeed {
    static func make(_ files: WorldFiles, incarnation: String, at now: Int) throws -> ECSModel {
        let seed = try files.readSeed()
        let limits = Limits(seed["limits"] ?? [:])
        if let state = try files.readState() {
            guard let model = ECSModel(snapshot: state, incarnation: incarnation, limits: limits, at: now) else {
                throw SandboxError(
                    "\(files.directory)/state.json is not a state that this release wrote",
                    hint: "remove it to begin again with sandbox.json")
            }
            return model
        }
        var model = ECSModel(
            account: seed["account"]?.string ?? "123456789012", region: seed["region"]?.string ?? "us-east-1",
            seed: incarnation, limits: limits)
        try plant(seed, in: &model, at: now)
        return model
    }

    private static func plant(_ seed: JSON, in model: inout ECSModel, at now: Int) throws {
        let known: Set = ["$schema", "account", "region", "clusters", "taskDefinitions", "services", "limits"]
        if let key = seed.object?.keys.first(where: { !known.contains($0) }) {
            throw SandboxError(
                "sandbox.json: the key \"\(key)\" is not known", hint: "see docs/sandbox.md for the keys")
        }
        let limits = Set(model.limits.json.object?.keys ?? []).union(["capacity"])
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
            try call("CreateService", service, "services[\(index)]", &model, now)
        }
    }

    private static func call(
        _ operation: String, _ input: JSON, _ place: String, _ model: inout ECSModel, _ now: Int
    ) throws {
        if case .failure(let fault) = model.handle(operation, input, at: now) {
            throw SandboxError(
                "sandbox.json: \(place): \(fault.code): \(fault.message)",
                hint: "fix it in sandbox.json")
        }
    }
}
