import JSON
import Manifest

/// Removes the defaults that ECS adds on registration, so that a declared definition and the one that ECS shows compare.
///
/// Sources: ECS API Reference (RegisterTaskDefinition, ContainerDefinition and the types that they refer to) for the defaults;
/// what DescribeTaskDefinition shows of definitions registered with less.
enum TaskDefinitionNormaliser {
    /// The request that registers the same definition again: nothing that only answers have, and no empty members, which
    /// some servers show and none takes.
    static func registration(_ document: JSON) -> JSON {
        var out = JSONObject()
        for member in document.object?.members ?? []
        where !ShapeTable.serverOnly.contains(member.key) && member.key != "tags" {
            out[member.key] = pruned(member.value, key: member.key)
        }
        return .object(out)
    }

    /// The request with the server's defaults taken out and lists without order sorted: for comparing only.
    static func normalise(_ document: JSON) -> JSON {
        var out = registration(document)
        let mode = out["networkMode"]?.string
        for (key, value) in defaults where out[key] == value { out[key] = nil }
        out["cpu"] = out["cpu"].flatMap { units($0, unit: "vcpu") }
        out["memory"] = out["memory"].flatMap { units($0, unit: "gb") }
        if out["requiresCompatibilities"]?.elements.contains("FARGATE") == true {
            DefaultMembers.remove(
                [("cpuArchitecture", "X86_64"), ("operatingSystemFamily", "LINUX")], from: &out, "runtimePlatform")
        }
        if out["proxyConfiguration"] != nil {
            DefaultMembers.remove([("type", "APPMESH")], from: &out, "proxyConfiguration")
        }
        out["volumes"] = out["volumes"].map { .array($0.elements.map(volume)) }
        if let containers = out["containerDefinitions"]?.array {
            out["containerDefinitions"] = .array(
                containers.map { ContainerNormaliser(networkMode: mode).normalise($0) })
        }
        return UnorderedLists.sorted(out)
    }

    private static let defaults: [(String, JSON)] = [("networkMode", "bridge"), ("enableFaultInjection", false)]

    /// Maps whose texts may be empty: an empty label or option differs from a missing one.
    private static let maps: Set = ["dockerLabels", "options", "driverOpts", "labels"]

    /// Without nulls, empty texts, lists and objects. Environment values and values of maps may be empty and stay so.
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
            for member in object.members {
                if case .string = member.value, maps.contains(key) {
                    kept[member.key] = member.value
                } else {
                    kept[member.key] = pruned(member.value, key: member.key)
                }
            }
            return kept.isEmpty ? nil : .object(kept)
        case .bool, .integer, .double: return json
        }
    }

    private static func volume(_ json: JSON) -> JSON {
        var out = json
        if out["configuredAtLaunch"] == false { out["configuredAtLaunch"] = nil }
        // (EFSVolumeConfiguration: "Specifying / will have the same effect as omitting this parameter", and DISABLED twice.)
        if var efs = out["efsVolumeConfiguration"] {
            DefaultMembers.remove([("iam", "DISABLED")], from: &efs, "authorizationConfig")
            out["efsVolumeConfiguration"] = efs
        }
        DefaultMembers.remove(
            [("rootDirectory", "/"), ("transitEncryption", "DISABLED")], from: &out, "efsVolumeConfiguration")
        DefaultMembers.remove([("rootDirectory", "/")], from: &out, "s3filesVolumeConfiguration")
        // (ECS Developer Guide, "Use Docker volumes": a volume is a task's, and of the driver "local", unless it says so.)
        DefaultMembers.remove(
            [("scope", "task"), ("driver", "local"), ("autoprovision", false)], from: &out,
            "dockerVolumeConfiguration", keepsEmpty: true)
        return out
    }

    /// CPU and memory are registered as text in units or as `1 vCPU`, `2 GB`, and shown in units.
    private static func units(_ json: JSON, unit: String) -> JSON? {
        if let number = json.integer { return .string(String(number)) }
        guard let text = json.string?.lowercased(), text.hasSuffix(unit) else { return json }
        let number = text.dropLast(unit.count).filter { !$0.isWhitespace }
        return Double(number).flatMap { Int(exactly: $0 * 1_024) }.map { .string(String($0)) } ?? json
    }
}
