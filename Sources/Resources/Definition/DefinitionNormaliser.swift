import JSON

/// Takes from a definition what a server fills in on registration, so that what was declared and what is shown compare.
///
/// Sources: ECS API Reference (RegisterTaskDefinition, ContainerDefinition) for the defaults; what DescribeTaskDefinition
/// shows of definitions registered with less.
enum DefinitionNormaliser {
    /// Members of an answer that no request may have.
    private static let serverOnly: Set = [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
        "registeredBy", "deregisteredAt", "deleteRequestedAt", "tags",
    ]

    /// The request that registers the same definition again: nothing that only answers have, and no empty members, which
    /// some servers show and none takes.
    static func registration(_ document: JSON) -> JSON {
        var out = JSONObject()
        for member in document.object?.members ?? [] where !serverOnly.contains(member.key) {
            out[member.key] = pruned(member.value)
        }
        return .object(out)
    }

    /// The request with the server's defaults taken out and lists without order sorted: for comparing only.
    static func normalise(_ document: JSON) -> JSON {
        var out = registration(document)
        let mode = out["networkMode"]?.string
        if mode == "bridge" { out["networkMode"] = nil }
        if out["enableFaultInjection"] == false { out["enableFaultInjection"] = nil }
        out["cpu"] = out["cpu"].flatMap { units($0, unit: "vcpu") }
        out["memory"] = out["memory"].flatMap { units($0, unit: "gb") }
        out["requiresCompatibilities"] = out["requiresCompatibilities"].map(sortedTexts)
        out["volumes"] = out["volumes"].map { sorted($0, by: "name") }
        if let containers = out["containerDefinitions"]?.array {
            out["containerDefinitions"] = .array(containers.map { container($0, networkMode: mode) })
        }
        return out
    }

    /// Without nulls, empty texts, lists and objects. Environment values may be empty and stay so.
    private static func pruned(_ json: JSON, key: String = "") -> JSON? {
        switch json {
        case .null: return nil
        case .string(let text): return text.isEmpty && key != "value" ? nil : json
        case .array(let elements):
            let kept = elements.compactMap { element in
                // An element of a list has a place: an empty text in a command is an argument.
                if case .string = element { element } else { pruned(element) }
            }
            return kept.isEmpty ? nil : .array(kept)
        case .object(let object):
            var kept = JSONObject()
            for member in object.members { kept[member.key] = pruned(member.value, key: member.key) }
            return kept.isEmpty ? nil : .object(kept)
        case .bool, .integer, .double: return json
        }
    }

    private static func container(_ json: JSON, networkMode: String?) -> JSON {
        var out = json
        if out["cpu"]?.double == 0 { out["cpu"] = nil }
        if out["essential"] == true { out["essential"] = nil }
        if out["versionConsistency"] == "enabled" { out["versionConsistency"] = nil }
        out["environment"] = out["environment"].map { sorted($0, by: "name") }
        out["secrets"] = out["secrets"].map { sorted($0, by: "name") }
        out["portMappings"] = out["portMappings"].map { mappings in
            .array(mappings.elements.map { portMapping($0, networkMode: networkMode) })
        }
        for (key, value) in [("interval", 30), ("timeout", 5), ("retries", 3), ("startPeriod", 0)]
        where out["healthCheck"]?[key]?.integer == value {
            out["healthCheck"]?[key] = nil
        }
        if out["restartPolicy"]?["enabled"] == false { out["restartPolicy"] = nil }
        return out
    }

    private static func portMapping(_ json: JSON, networkMode: String?) -> JSON {
        var out = json
        if out["protocol"] == "tcp" { out["protocol"] = nil }
        let isShared = networkMode == "awsvpc" || networkMode == "host"
        // Where tasks have addresses of their own, the host's port is the container's; in bridge mode 0 means any.
        if out["hostPort"] == out["containerPort"], isShared { out["hostPort"] = nil }
        if out["hostPort"]?.integer == 0 { out["hostPort"] = nil }
        return out
    }

    /// CPU and memory are registered as text in units or as `1 vCPU`, `2 GB`, and shown in units.
    private static func units(_ json: JSON, unit: String) -> JSON? {
        if let number = json.integer { return .string(String(number)) }
        guard let text = json.string?.lowercased(), text.hasSuffix(unit) else { return json }
        let number = text.dropLast(unit.count).filter { !$0.isWhitespace }
        return Double(number).flatMap { Int(exactly: $0 * 1_024) }.map { .string(String($0)) } ?? json
    }

    private static func sorted(_ list: JSON, by key: String) -> JSON {
        .array(list.elements.sorted { ($0[key]?.string ?? "").precedes($1[key]?.string ?? "") })
    }

    private static func sortedTexts(_ list: JSON) -> JSON {
        .array(list.elements.sorted { ($0.string ?? "").precedes($1.string ?? "") })
    }
}
