import JSON

/// What any task definition must have before ECS is asked.
struct DefinitionCheck {
    /// What the definition is called in messages.
    let name: String
    let problems: Problems

    /// - Parameter json: what the node says, variables replaced.
    func check(_ node: Node, _ json: JSON) {
        guard case .object = node.content else {
            problems.add(at: node.offset, "\(name) must be an object, \(node.kind) found")
            return
        }
        if let inner = node.member("taskDefinition"), node.member("containerDefinitions") == nil {
            problems.add(
                at: inner.offset, "\(name) stands within \"taskDefinition\", as describe-task-definition prints it",
                hint: "keep only what stands in \"taskDefinition\"")
            return
        }
        if let family = node.member("family") {
            checkText(family, json["family"], "the family")
        } else {
            problems.add(at: node.offset, "\(name) needs a \"family\"")
        }
        checkContainers(node, json)
    }

    private func checkContainers(_ node: Node, _ json: JSON) {
        guard let containers = node.member("containerDefinitions") else {
            problems.add(at: node.offset, "\(name) needs \"containerDefinitions\"")
            return
        }
        guard case .array(let nodes) = containers.content else {
            problems.add(at: containers.offset, "containerDefinitions must be a list, \(containers.kind) found")
            return
        }
        if nodes.isEmpty {
            problems.add(at: containers.offset, "containerDefinitions must hold at least one container")
        }
        var seen: Set<String> = []
        for (index, (node, json)) in zip(nodes, json["containerDefinitions"]?.elements ?? []).enumerated() {
            let path = "containerDefinitions[\(index)]"
            guard case .object = node.content else {
                problems.add(at: node.offset, "\(path) must be an object, \(node.kind) found")
                continue
            }
            checkEnvironment(node, json, path)
            guard let place = node.member("name") else {
                problems.add(at: node.offset, "\(path) needs the key \"name\"")
                continue
            }
            checkText(place, json["name"], "\(path).name")
            if let name = json["name"]?.string, !seen.insert(name).inserted {
                problems.add(
                    at: place.offset, "\(path).name \(place.written) stands twice: each container needs its own")
            }
        }
    }

    /// Both are texts to AWS. (ECS API Reference, KeyValuePair.) What stands there may be a secret: it is not shown.
    private func checkEnvironment(_ container: Node, _ json: JSON, _ path: String) {
        guard let environment = container.member("environment") else { return }
        let path = "\(path).environment"
        guard case .array(let nodes) = environment.content else {
            problems.add(at: environment.offset, "\(path) must be a list, \(environment.kind) found")
            return
        }
        for (index, (node, json)) in zip(nodes, json["environment"]?.elements ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            guard case .object = node.content else {
                problems.add(at: node.offset, "\(path) must be an object, \(node.kind) found")
                continue
            }
            if let name = node.member("name") {
                checkText(name, json["name"], "\(path).name")
            } else {
                problems.add(at: node.offset, "\(path) needs the key \"name\"")
            }
            if let value = node.member("value"), json["value"]?.string == nil {
                problems.add(
                    at: value.offset, "\(path).value must be a string, \(value.kind) found",
                    hint: "write it in quotes")
            }
        }
    }

    private func checkText(_ node: Node, _ json: JSON?, _ what: String) {
        guard let text = json?.string else {
            problems.add(at: node.offset, "\(what) must be a string, \(node.kind) found")
            return
        }
        if text.isEmpty { problems.add(at: node.offset, "\(what) must not be empty") }
    }
}
