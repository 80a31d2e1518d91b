import Base
import JSON

/// Reads where the task definition comes from, and the definition itself where it is declared.
extension ManifestReader {
    func definition(_ root: ObjectReader) -> TaskDefinitionSpec {
        let reader = root.section(RootKeys.taskDefinition)
        let base = reader.choice(TaskDefinitionKeys.base)
        // What else is read depends on these two.
        let path = reader.local.value(TaskDefinitionKeys.file)
        let allowed = Set(reader.local.value(TaskDefinitionKeys.allowUnknown, hint: "write a list of keys"))
        let inline = reader.node(TaskDefinitionKeys.definition)
        var spec = TaskDefinitionSpec(
            source: .derived(base: base ?? TaskDefinitionKeys.base.standard),
            container: reader.value(TaskDefinitionKeys.container),
            containers: reader.value(TaskDefinitionKeys.containers, hint: "write a list of containers' names"),
            file: path)
        check(reader, spec)
        if [path != nil, inline != nil, base != nil].filter({ $0 }).count > 1 {
            problems.add(
                at: reader.node.offset, "taskDefinition takes one of \"file\", \"definition\" and \"base\"",
                hint: "keep one of them")
        }
        if !allowed.isEmpty, path == nil, inline == nil {
            reader.complain(
                TaskDefinitionKeys.allowUnknown, "has no effect without a definition",
                hint: "it is about \"file\" and \"definition\": leave it out")
        }
        if let inline {
            spec.source = .declared(declared(inline, "taskDefinition.definition", allowed, problems))
        }
        if let path {
            spec.source = .declared(declared(path, reader.place(TaskDefinitionKeys.file), allowed))
        }
        return spec
    }

    /// The migration runs in a container of the released image.
    private func check(_ reader: ObjectReader, _ spec: TaskDefinitionSpec) {
        guard let containers = spec.containers, let container = spec.container, !containers.contains(container),
            !variables.isIncomplete
        else { return }
        reader.complain(
            TaskDefinitionKeys.containers,
            "does not name \(reader.written(TaskDefinitionKeys.container)), in which the migration runs",
            hint: "add it, or name another one in taskDefinition.container")
    }

    /// The task definition in a file of its own, whose problems have that file's name.
    private func declared(_ path: String, _ offset: Int, _ allowed: Set<String>) -> JSON {
        // A null byte would end the name for the system, and so name another file.
        guard !path.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            problems.add(at: offset, "taskDefinition.file is not a file's name: it has a control character in it")
            return .null
        }
        do {
            let text = try file(path)
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
