import Base
import JSON

/// Reads a task definition that the manifest declares, in a file of its own or inline.
struct DefinitionReader {
    let variables: Variables
    let problems: Problems
    /// Reads a file that the manifest names, relative to the manifest.
    let read: (String) throws(Failure) -> SourceText

    func inline(_ node: Node, _ name: String, _ allowed: Set<String>) -> JSON {
        declared(node, name, allowed, problems)
    }

    /// The task definition in a file of its own, whose problems have that file's name.
    ///
    /// - Parameter name: of the key that names the file.
    func file(_ path: String, _ name: String, at offset: Int, _ allowed: Set<String>) -> JSON {
        // A null byte would end the name for the system, and so name another file.
        guard !path.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            problems.add(at: offset, "\(name) is not a file's name: it has a control character in it")
            return .null
        }
        do {
            let text = try read(path)
            let own = Problems(text)
            do {
                let json = declared(try text.parse(), "the task definition", allowed, own)
                problems.add(contentsOf: own.all)
                return json
            } catch {
                problems.add(contentsOf: [text.problem(error)])
            }
        } catch {
            problems.add(at: offset, error.summary, hint: error.hint)
        }
        return .null
    }

    /// A definition in the shape of RegisterTaskDefinition, or an answer of DescribeTaskDefinition, which has it within
    /// `taskDefinition` and the tags next to it.
    private func declared(_ node: Node, _ name: String, _ allowed: Set<String>, _ problems: Problems) -> JSON {
        let shapes = ShapeReader(variables: variables, problems: problems, allowed: allowed, name: name)
        let check = TaskDefinitionCheck(problems: problems)
        guard let inner = node.member("taskDefinition"), node.member("containerDefinitions") == nil,
            case .object(let members) = node.content
        else {
            let json = shapes.read(node) ?? .null
            if node.presence == nil { problems.add(at: node.offset, "\(name) must be an object, null found") }
            check.check(node, json)
            return json
        }
        for member in members where !["taskDefinition", "tags", "ResponseMetadata"].contains(member.key) {
            problems.add(
                at: member.keyOffset, "unknown key \(quoted(member.key)) next to \"taskDefinition\"",
                hint: "an answer of describe-task-definition has \"taskDefinition\" and \"tags\"")
        }
        var json = shapes.read(inner) ?? .null
        check.check(inner, json)
        guard let tags = node.member("tags") else { return json }
        let read = shapes.read(tags, .list(.structure("Tag")), "tags")
        // Tags of AWS and of reconcile belong to that revision, and not to what is declared.
        json["tags"] = .array(
            (read?.elements ?? []).filter { !TaskDefinitionCheck.isReserved($0["key"]?.string ?? "") })
        check.checkTags(tags, json["tags"]?.elements ?? [], areOwn: false)
        return json
    }
}
