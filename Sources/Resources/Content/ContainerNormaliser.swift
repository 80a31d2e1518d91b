import JSON

/// Removes the defaults that ECS adds to a container. (Source: ECS API Reference, ContainerDefinition and its types.)
struct ContainerNormaliser {
    let networkMode: String?

    /// What a member means when it is left out.
    private static let defaults: [(String, JSON)] = [
        ("essential", true), ("versionConsistency", "enabled"), ("privileged", false),
        ("readonlyRootFilesystem", false), ("disableNetworking", false), ("interactive", false),
        ("pseudoTerminal", false),
    ]

    func normalise(_ json: JSON) -> JSON {
        var out = json
        if out["cpu"]?.double == 0 { out["cpu"] = nil }
        for (key, value) in Self.defaults where out[key] == value { out[key] = nil }
        change("environment", in: &out) { if $0["value"] == nil { $0["value"] = "" } }
        change("portMappings", in: &out, portMapping)
        for key in ["mountPoints", "volumesFrom"] {
            change(key, in: &out) { if $0["readOnly"] == false { $0["readOnly"] = nil } }
        }
        DefaultMembers.remove(
            [("interval", 30), ("timeout", 5), ("retries", 3), ("startPeriod", 0)], from: &out, "healthCheck")
        DefaultMembers.remove([("initProcessEnabled", false)], from: &out, "linuxParameters")
        if out["restartPolicy"]?["enabled"] == false { out["restartPolicy"] = nil }
        DefaultMembers.remove([("restartAttemptPeriod", 300)], from: &out, "restartPolicy")
        return out
    }

    private func change(_ key: String, in json: inout JSON, _ change: (inout JSON) -> Void) {
        guard let elements = json[key]?.array else { return }
        json[key] = .array(
            elements.map { element in
                var element = element
                if element.object != nil { change(&element) }
                return element
            })
    }

    private func portMapping(_ out: inout JSON) {
        if out["protocol"] == "tcp" { out["protocol"] = nil }
        let isShared = networkMode == "awsvpc" || networkMode == "host"
        // Where tasks have addresses of their own, the host's port is the container's; in bridge mode 0 means any.
        if out["hostPort"] == out["containerPort"], isShared { out["hostPort"] = nil }
        if out["hostPort"]?.integer == 0 { out["hostPort"] = nil }
    }
}
