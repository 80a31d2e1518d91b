import JSON

/// Fills in what the server fills in on registration (ECS API Reference, TaskDefinition, ContainerDefinition; what
/// DescribeTaskDefinition shows of definitions registered with less).
enum DefinitionDefaults {
    static func fill(_ input: JSON) -> JSON {
        var out = input
        let mode = out["networkMode"]?.string
        out["containerDefinitions"] = .array(
            (out["containerDefinitions"]?.elements ?? []).map { container($0, networkMode: mode) })
        let isFargate = out["requiresCompatibilities"]?.elements.contains("FARGATE") ?? false
        out["compatibilities"] = mode == "awsvpc" || isFargate ? ["EC2", "FARGATE"] : ["EC2"]
        for (key, value) in [("requiresAttributes", [] as JSON), ("placementConstraints", []), ("volumes", [])]
        where out[key] == nil {
            out[key] = value
        }
        return out
    }

    private static func container(_ json: JSON, networkMode: String?) -> JSON {
        var out = json
        let defaults: [(String, JSON)] = [
            ("cpu", 0), ("portMappings", []), ("essential", true), ("environment", []), ("mountPoints", []),
            ("volumesFrom", []), ("systemControls", []),
        ]
        for (key, value) in defaults where out[key] == nil { out[key] = value }
        out["portMappings"] = .array(
            (out["portMappings"]?.elements ?? []).map { mapping in
                var mapping = mapping
                let isShared = networkMode == "awsvpc" || networkMode == "host"
                if mapping["hostPort"] == nil { mapping["hostPort"] = isShared ? mapping["containerPort"] : 0 }
                if mapping["protocol"] == nil { mapping["protocol"] = "tcp" }
                return mapping
            })
        return out
    }
}
