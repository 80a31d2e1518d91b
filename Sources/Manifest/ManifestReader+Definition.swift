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
            spec.source = .declared(definitions.inline(inline, "taskDefinition.definition", allowed))
        }
        if let path {
            spec.source = .declared(
                definitions.file(path, "taskDefinition.file", at: reader.place(TaskDefinitionKeys.file), allowed))
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
}
