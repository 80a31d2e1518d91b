import JSON

/// Fills in what the server fills in on registration, and shows lists in an order of its own (ECS API Reference,
/// TaskDefinition, ContainerDefinition; what DescribeTaskDefinition shows of definitions registered with less).
enum TaskDefinitionDefaults {
    static func fill(_ input: JSON) -> JSON {
        var out = input
        let mode = out["networkMode"]?.string
        out["containerDefinitions"] = .array(
            (out["containerDefinitions"]?.elements ?? []).map { container($0, networkMode: mode) })
        out["volumes"] = .array((out["volumes"]?.elements ?? []).map(volume))
        let isFargate = out["requiresCompatibilities"]?.elements.contains("FARGATE") ?? false
        out["compatibilities"] = mode == "awsvpc" || isFargate ? ["EC2", "FARGATE"] : ["EC2"]
        set([("requiresAttributes", []), ("placementConstraints", [])], in: &out)
        return reordered(out)
    }

    private static func set(_ defaults: [(String, JSON)], in json: inout JSON) {
        for (key, value) in defaults where json[key] == nil { json[key] = value }
    }

    private static func container(_ json: JSON, networkMode: String?) -> JSON {
        var out = json
        set(
            [
                ("cpu", 0), ("portMappings", []), ("essential", true), ("environment", []), ("mountPoints", []),
                ("volumesFrom", []), ("systemControls", []),
            ], in: &out)
        out["portMappings"] = .array(
            (out["portMappings"]?.elements ?? []).map { mapping in
                var mapping = mapping
                let isShared = networkMode == "awsvpc" || networkMode == "host"
                set(
                    [
                        ("hostPort", isShared ? mapping["containerPort"] ?? 0 : 0), ("protocol", "tcp"),
                    ], in: &mapping)
                return mapping
            })
        for key in ["mountPoints", "volumesFrom"] {
            out[key] = .array(
                (out[key]?.elements ?? []).map { point in
                    var point = point
                    set([("readOnly", false)], in: &point)
                    return point
                })
        }
        if out["healthCheck"]?.object != nil {
            set([("interval", 30), ("timeout", 5), ("retries", 3)], in: &out["healthCheck", orEmpty: true])
        }
        return out
    }

    private static func volume(_ json: JSON) -> JSON {
        var out = json
        if out["efsVolumeConfiguration"]?.object != nil {
            set([("rootDirectory", "/")], in: &out["efsVolumeConfiguration", orEmpty: true])
        } else if out["dockerVolumeConfiguration"]?.object != nil {
            set([("scope", "task"), ("driver", "local")], in: &out["dockerVolumeConfiguration", orEmpty: true])
        } else {
            set([("host", [:])], in: &out)
        }
        return out
    }

    /// Lists whose order ECS does not promise to keep.
    private static let unordered: Set = [
        "environment", "secrets", "portMappings", "mountPoints", "volumesFrom", "dependsOn", "ulimits", "add", "drop",
        "volumes", "requiresCompatibilities", "secretOptions", "containerDefinitions",
    ]

    private static func reordered(_ json: JSON, key: String = "") -> JSON {
        switch json {
        case .object(let object):
            var out = JSONObject()
            for member in object.members { out[member.key] = reordered(member.value, key: member.key) }
            return .object(out)
        case .array(let elements):
            let inner = elements.map { reordered($0) }
            return .array(unordered.contains(key) ? inner.sorted { $1.canonical.precedes($0.canonical) } : inner)
        default: return json
        }
    }
}

extension JSON {
    /// The member as an object, for changing it in place.
    fileprivate subscript(key: String, orEmpty _: Bool) -> JSON {
        get { self[key] ?? [:] }
        set { self[key] = newValue }
    }
}
