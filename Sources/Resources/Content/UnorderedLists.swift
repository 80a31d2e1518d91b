import JSON

/// Sorts the lists of a definition in which order means nothing: a server may show them in another order than they were
/// registered in.
enum UnorderedLists {
    /// Lists without order, by the member that their elements are known by. Elements with the same one stay in their order:
    /// of two values of one variable, which comes last may matter.
    private static let keyed = [
        "containerDefinitions": "name", "volumes": "name", "environment": "name", "secrets": "name",
        "secretOptions": "name", "properties": "name", "systemControls": "namespace", "extraHosts": "hostname",
        "ulimits": "name", "inferenceAccelerators": "deviceName",
    ]

    /// Sets. Not among them, because their order means something: `command`, `entryPoint`, `dnsServers`,
    /// `dnsSearchDomains` (asked one after the other) and `environmentFiles` (the first one wins).
    private static let sets: Set = [
        "requiresCompatibilities", "placementConstraints", "links", "portMappings", "mountPoints", "volumesFrom",
        "dependsOn", "dockerSecurityOptions", "credentialSpecs", "resourceRequirements", "add", "drop", "devices",
        "permissions", "tmpfs", "mountOptions", "ignoredExitCodes",
    ]

    static func sorted(_ json: JSON, key: String = "") -> JSON {
        switch json {
        case .object(let object):
            var out = JSONObject()
            for member in object.members { out[member.key] = sorted(member.value, key: member.key) }
            return .object(out)
        case .array(let elements):
            let inner = elements.map { sorted($0) }
            if let name = keyed[key] { return .array(stable(inner) { $0[name]?.string ?? "" }) }
            return .array(sets.contains(key) ? stable(inner, by: \.canonical) : inner)
        default: return json
        }
    }

    private static func stable(_ elements: [JSON], by text: (JSON) -> String) -> [JSON] {
        elements.enumerated().map { (text: text($0.element), place: $0.offset, json: $0.element) }
            .sorted { $0.text == $1.text ? $0.place < $1.place : $0.text.precedes($1.text) }
            .map(\.json)
    }
}
