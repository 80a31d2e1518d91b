import AWS
import JSON
import Reconciler

/// The fields in which two definitions differ, with values that might be secret replaced by fingerprints.
struct TaskDefinitionDiff {
    let fingerprint: @Sendable (String) -> String

    func fields(from old: TaskDefinitionContent, to new: TaskDefinitionContent) -> [FieldChange] {
        let mask = Mask([old.environmentValues, new.environmentValues])
        return compare(old.json, new.json, path: "").sorted { $0.path.precedes($1.path) }
            .map { Self.isHarmless($0.path) ? $0 : masked($0, mask) }
    }

    /// Any other field may repeat a value of the environment, such as a password in a command.
    private static func isHarmless(_ path: String) -> Bool {
        ["cpu", "memory"].contains(path) || path.hasSuffix(".image") || maySecret(path)
    }

    /// - Returns: where nothing that may be shown differs, the fingerprints of both.
    private func masked(_ field: FieldChange, _ mask: Mask) -> FieldChange {
        let (from, to) = (field.from.map(mask.apply), field.to.map(mask.apply))
        if from != to { return FieldChange(path: field.path, from: from, to: to) }
        return FieldChange(path: field.path, from: field.from.map(fingerprint), to: field.to.map(fingerprint))
    }

    private func compare(_ old: JSON?, _ new: JSON?, path: String) -> [FieldChange] {
        if old == new { return [] }
        switch (old, new) {
        case (.object(let left)?, .object(let right)?):
            let keys = Set(left.keys).union(right.keys)
            return keys.sorted { $0.precedes($1) }.flatMap { key in
                compare(left[key], right[key], path: path.isEmpty ? key : "\(path).\(key)")
            }
        case (.array(let left)?, .array(let right)?) where Self.areNamed(left + right):
            return compareNamed(left, right, path: path)
        default:
            return [FieldChange(path: path, from: old.map { text($0, path) }, to: new.map { text($0, path) })]
        }
    }

    /// Lists whose elements have names are compared name by name: `containerDefinitions[app]`.
    private func compareNamed(_ left: [JSON], _ right: [JSON], path: String) -> [FieldChange] {
        let (left, right) = (TaskDefinitionContent.labelled(left), TaskDefinitionContent.labelled(right))
        return Set(left.keys).union(right.keys).sorted { $0.precedes($1) }.flatMap { name -> [FieldChange] in
            let (old, new) = (left[name], right[name])
            let here = "\(path)[\(name)]"
            // Of an environment entry only the value can differ: its path is its name.
            if path.hasSuffix(".environment") { return compare(old?["value"], new?["value"], path: here) }
            if path.hasSuffix(".secrets") { return compare(old?["valueFrom"], new?["valueFrom"], path: here) }
            return compare(old, new, path: here)
        }
    }

    private static func areNamed(_ elements: [JSON]) -> Bool {
        elements.allSatisfy { $0["name"]?.string != nil }
    }

    private func text(_ json: JSON, _ path: String) -> String {
        if Self.maySecret(path) { return fingerprint(json.canonical) }
        switch json {
        case .string(let text): return text
        case .object, .array: return hidden(json, path).canonical
        default: return json.canonical
        }
    }

    /// A whole object that came or went, such as a container: the same values are fingerprints inside it.
    private func hidden(_ json: JSON, _ path: String) -> JSON {
        switch json {
        case .object(let object):
            var out = JSONObject()
            for member in object.members {
                let here = "\(path).\(member.key)"
                let isValue = member.key == "value" && path.contains(".environment")
                out[member.key] =
                    isValue || Self.maySecret(here)
                    ? .string(fingerprint(member.value.canonical)) : hidden(member.value, here)
            }
            return .object(out)
        case .array(let elements): return .array(elements.map { hidden($0, path) })
        default: return json
        }
    }

    /// Environment values, options of volume drivers, which hold passwords of file servers, and options of log drivers,
    /// which hold tokens of log services.
    private static func maySecret(_ path: String) -> Bool {
        if path.contains(".environment[") || path.contains(".driverOpts.") { return true }
        guard let option = path.firstRange(of: ".options.") else { return false }
        return !path[option.upperBound...].hasPrefix("awslogs-")
    }
}
