import Base
import JSON

/// Reads a document whose members AWS knows: what its operation would refuse, or pass over in silence, becomes a
/// problem at its place. What is written may be a secret: no message repeats a text, apart from words of a fixed list.
struct ShapeReader {
    let variables: Variables
    let problems: Problems
    /// Keys that are passed on as they are, for members that are newer than the table.
    var allowed: Set<String> = []
    /// What the document is called in messages.
    let name: String
    /// The request that it is, or most of it.
    var root = TaskDefinitionShapes.root

    private var table: ShapeTable { .ecs }

    /// - Returns: nil for null.
    func read(_ node: Node) -> JSON? { read(node, .structure(root), "") }

    func read(_ node: Node, _ kind: ShapeTable.Kind, _ path: String) -> JSON? {
        guard node.presence != nil else { return nil }
        switch kind {
        case .text: return text(node, path)
        case .integer: return integer(node, path)
        case .number: return number(node, path)
        case .any: return node.json
        case .bool: return node.bool(path, variables, problems).map(JSON.bool)
        case .words(let words): return word(node, words, path)
        case .list(let kind): return list(node, kind, path)
        case .map(let kind): return map(node, kind, path)
        case .structure(let shape): return structure(node, shape, path)
        }
    }

    private func what(_ path: String) -> String { path.isEmpty ? name : path }

    private func complain(_ node: Node, _ path: String, _ wanted: String, hint: String? = nil) {
        problems.add(at: node.offset, "\(what(path)) must be \(wanted), \(node.kind) found", hint: hint)
    }

    private func structure(_ node: Node, _ shape: String, _ path: String) -> JSON? {
        guard case .object(let members) = node.content else {
            let isList = if case .array = node.content { path.isEmpty } else { false }
            complain(
                node, path, "an object",
                hint: isList && !isService ? "write { \"family\": \"…\", \"containerDefinitions\": […] }" : nil)
            return nil
        }
        let known = table.members(of: shape)
        var object = JSONObject()
        var seen: Set<String> = []
        var meant: Set<String> = []
        for member in members {
            if !seen.insert(member.key).inserted {
                problems.add(
                    at: member.keyOffset, "duplicate key \(quoted(member.key))", hint: "keep one of the two")
            }
            if path.isEmpty, member.key == "$schema" || ShapeTable.serverOnly.contains(member.key) { continue }
            if let own = known.first(where: { $0.key == member.key }) {
                object[member.key] = read(member.value, own.kind, path.isEmpty ? member.key : "\(path).\(member.key)")
            } else if allowed.contains(member.key) {
                object[member.key] = DocumentReader(variables: variables, problems: problems).json(member.value)
            } else {
                let near = near(member.key, known)
                if let near { meant.insert(near) }
                problems.add(
                    at: member.keyOffset, "unknown key \(quoted(member.key)) in \(what(path))",
                    hint: advice(member.key, near: near))
            }
        }
        for member in known where member.isRequired && object[member.key] == nil && !meant.contains(member.key) {
            // A value of another type was complained about already.
            guard node.member(member.key) == nil else { continue }
            problems.add(at: node.offset, "\(what(path)) needs the key \"\(member.key)\"")
        }
        return .object(object)
    }

    /// The member that was meant, unless the key is right and its place is wrong.
    private func near(_ key: String, _ known: [ShapeTable.Member]) -> String? {
        let keys = known.map(\.key)
        // People write `Family` for `family` and `value` for `valueFrom`.
        let prefixed = keys.first { $0.lowercased() == key.lowercased() || key.count > 2 && $0.hasPrefix(key) }
        return prefixed ?? (home(key) == nil ? NearestKey.of(key, among: keys) : nil)
    }

    private var isService: Bool { root == TaskDefinitionShapes.service }

    private func home(_ key: String) -> String? {
        if let home = table.home(of: key, below: root) { return home }
        if isService { return table.home(of: key, below: TaskDefinitionShapes.root).map { _ in "the task definition" } }
        if ServiceKeys.section.names.contains(key) { return "services[…] of the manifest" }
        if MigrateKeys.task.contains(where: { $0.name == key }) { return "schema.migrate of the manifest" }
        return Self.ofServices.contains(key) ? "services[].create of the manifest" : nil
    }

    /// Members of CreateService that no definition has. (ECS API Reference, CreateService.)
    private static let ofServices: Set = [
        "cluster", "deploymentController", "enableECSManagedTags", "enableExecuteCommand",
        "healthCheckGracePeriodSeconds", "loadBalancers", "placementStrategy", "propagateTags", "role",
        "schedulingStrategy", "serviceConnectConfiguration", "serviceName", "serviceRegistries",
        "volumeConfigurations",
    ]

    private func advice(_ key: String, near: String?) -> String {
        if let near { return "did you mean \"\(near)\"?" }
        if let home = home(key) { return "it belongs to \(home)" }
        if isService {
            return "CreateService has none in \(TaskDefinitionShapes.source) that reconcile supports: remove it"
        }
        return "RegisterTaskDefinition has none in \(TaskDefinitionShapes.source): remove it, or name it in "
            + "taskDefinition.allowUnknown if ECS is newer"
    }

    private func list(_ node: Node, _ kind: ShapeTable.Kind, _ path: String) -> JSON? {
        guard case .array(let nodes) = node.content else {
            complain(node, path, "a list")
            return nil
        }
        return .array(
            nodes.enumerated().map { index, element in
                if element.presence == nil { problems.add(at: element.offset, "\(path)[\(index)] must not be null") }
                return read(element, kind, "\(path)[\(index)]") ?? .null
            })
    }

    private func map(_ node: Node, _ kind: ShapeTable.Kind, _ path: String) -> JSON? {
        guard case .object(let members) = node.content else {
            complain(node, path, "an object", hint: "write names and texts: { \"NAME\": \"VALUE\" }")
            return nil
        }
        var object = JSONObject()
        for member in members {
            if object[member.key] != nil {
                problems.add(
                    at: member.keyOffset, "duplicate key \(quoted(member.key))", hint: "keep one of the two")
            }
            object[member.key] = read(member.value, kind, "\(path).\(member.key)")
        }
        return .object(object)
    }
}

/// Values without members.
extension ShapeReader {
    /// The text with its variables replaced; nil where they cannot be.
    private func resolved(_ node: Node) -> String? {
        guard case .string(let raw) = node.content else { return nil }
        return variables.resolve(raw, at: node.offset, problems)
    }

    private func text(_ node: Node, _ path: String) -> JSON? {
        guard case .string = node.content else {
            complain(node, path, "a string", hint: inQuotes(node, path))
            return nil
        }
        return resolved(node).map(JSON.string)
    }

    private func word(_ node: Node, _ words: [String], _ path: String) -> JSON? {
        guard let json = text(node, path), let text = json.string else { return nil }
        // Some servers show an empty text where nothing was set.
        let key = path.split(separator: ".").last?.prefix { $0 != "[" } ?? ""
        if text.isEmpty || words.contains(text) || allowed.contains(String(key)) { return json }
        problems.add(
            at: node.offset, "\(path) cannot be \(node.written)",
            hint: NearestKey.hint(node.mayHoldVariables ? "" : text, among: words)
                ?? "known are: \(words.joined(separator: ", "))")
        return nil
    }

    private func integer(_ node: Node, _ path: String) -> JSON? {
        // ECS reads whole numbers of 32 bits.
        let range = Int(Int32.min)...Int(Int32.max)
        if case .scalar(.integer(let number)) = node.content, range.contains(number) { return .integer(number) }
        if node.mayHoldVariables {
            guard let text = resolved(node) else { return nil }
            if let number = Int(text), range.contains(number) { return .integer(number) }
            problems.add(at: node.offset, "\(path) must be a whole number once its variables are replaced")
            return nil
        }
        switch node.content {
        case .scalar(.integer), .scalar(.double):
            problems.add(
                at: node.offset, "\(path) must be a whole number, \(problems.source.word(at: node.offset)) found",
                hint: node.json.integer.flatMap { range.contains($0) ? "write \($0)" : nil })
        default: complain(node, path, "a whole number", hint: ObjectReader.whole(node.json))
        }
        return nil
    }

    private func number(_ node: Node, _ path: String) -> JSON? {
        switch node.content {
        case .scalar(.integer(let number)): return .integer(number)
        case .scalar(.double(let number)): return .double(number)
        default:
            complain(node, path, "a number")
            return nil
        }
    }

    /// Only the definition's own members, such as `cpu`, are never secret.
    private func inQuotes(_ node: Node, _ path: String) -> String? {
        guard case .scalar = node.content else { return nil }
        return path.contains(".") || path.contains("[")
            ? "write it in quotes" : "write it in quotes: \"\(problems.source.word(at: node.offset))\""
    }
}
