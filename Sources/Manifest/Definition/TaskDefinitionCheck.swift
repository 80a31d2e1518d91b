import JSON

/// What any task definition must have before ECS is asked, apart from what its members' types say.
public struct TaskDefinitionCheck {
    let problems: Problems

    /// Tags that reconcile sets on a revision: of its digest, its environment and its schema. A ``Declaration`` needs one more.
    public static let ownTags = 3
    /// (ECS API Reference, RegisterTaskDefinition: at most 50 tags.)
    public static let mostTags = 50

    /// - Parameter json: what the node says, variables replaced.
    func check(_ node: Node, _ json: JSON) {
        if let family = node.member("family") { checkFilled(family, json["family"], "family") }
        if let tags = node.member("tags") { checkTags(tags, json["tags"]?.elements ?? [], areOwn: true) }
        guard let containers = node.member("containerDefinitions"), case .array(let nodes) = containers.content else {
            return
        }
        if nodes.isEmpty {
            problems.add(at: containers.offset, "containerDefinitions must hold at least one container")
        }
        var seen: Set<String> = []
        for (index, (node, json)) in zip(nodes, json["containerDefinitions"]?.elements ?? []).enumerated() {
            let path = "containerDefinitions[\(index)]"
            guard case .object = node.content else { continue }
            checkVariables(node, json, path)
            guard let place = node.member("name") else {
                problems.add(at: node.offset, "\(path) needs the key \"name\"")
                continue
            }
            checkFilled(place, json["name"], "\(path).name")
            if let name = json["name"]?.string, !seen.insert(name).inserted {
                problems.add(
                    at: place.offset, "\(path).name \(place.written) is a duplicate: each container needs its own")
            }
        }
    }

    /// Names of `environment` and `secrets`: a container sees one value for each, and which one is not documented.
    private func checkVariables(_ container: Node, _ json: JSON, _ path: String) {
        var seen: [String: String] = [:]
        for key in ["environment", "secrets"] {
            guard let list = container.member(key), case .array(let nodes) = list.content else { continue }
            for (index, (node, json)) in zip(nodes, json[key]?.elements ?? []).enumerated() {
                guard case .object = node.content else { continue }
                let here = "\(path).\(key)[\(index)]"
                guard let place = node.member("name") else {
                    // Of secrets the name is a required member.
                    if key == "environment" { problems.add(at: node.offset, "\(here) needs the key \"name\"") }
                    continue
                }
                checkFilled(place, json["name"], "\(here).name")
                guard let name = json["name"]?.string else { continue }
                if let first = seen[name] {
                    problems.add(
                        at: place.offset, "\(here).name \(place.written) is a duplicate of \(first)",
                        hint: "keep one of the two")
                } else {
                    seen[name] = here
                }
            }
        }
    }

    /// - Parameter areOwn: whether they were written for this definition; else they were copied from a revision, which has
    ///   tags of AWS and of reconcile as well.
    func checkTags(_ node: Node, _ tags: [JSON], areOwn: Bool) {
        let most = Self.mostTags - Self.ownTags
        if tags.count > most {
            problems.add(
                at: node.offset, "tags has \(tags.count) entries, and \(most) is the most",
                hint: "ECS takes \(Self.mostTags), of which reconcile sets \(Self.ownTags)")
        }
        guard areOwn, case .array(let nodes) = node.content else { return }
        var seen: Set<String> = []
        for (index, (node, tag)) in zip(nodes, tags).enumerated() {
            guard case .object = node.content else { continue }
            let path = "tags[\(index)]"
            guard let place = node.member("key") else {
                // Another spelling of it is an unknown key.
                if case .object(let members) = node.content, members.allSatisfy({ ["value"].contains($0.key) }) {
                    problems.add(at: node.offset, "\(path) needs the key \"key\"")
                }
                continue
            }
            checkFilled(place, tag["key"], "\(path).key")
            guard let key = tag["key"]?.string else { continue }
            if Self.isReserved(key) {
                problems.add(
                    at: place.offset, "\(path).key \(place.written) is reserved", hint: "leave the tag out")
            }
            if !seen.insert(key).inserted {
                problems.add(
                    at: place.offset, "\(path).key \(place.written) is a duplicate", hint: "keep one of the two")
            }
            // (ECS API Reference, Tag.)
            if key.unicodeScalars.count > 128 || (tag["value"]?.string ?? "").unicodeScalars.count > 256 {
                problems.add(
                    at: node.offset, "\(path) is too long",
                    hint: "a key has at most 128 characters, a value at most 256")
            }
        }
    }

    /// Whether a tag's key belongs to AWS or to reconcile.
    public static func isReserved(_ key: String) -> Bool {
        key.lowercased().hasPrefix("aws:") || key.hasPrefix(ownPrefix)
    }

    /// How the keys of the tags begin that this program sets itself.
    public static let ownPrefix = "reconcile:"

    private func checkFilled(_ node: Node, _ json: JSON?, _ what: String) {
        if json?.string == "" { problems.add(at: node.offset, "\(what) must not be empty") }
    }
}
