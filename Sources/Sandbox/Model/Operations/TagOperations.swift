import JSON

extension ECSModel {
    mutating func tagResource(_ input: Input) throws(ECSFault) -> JSON {
        let arn = try input.required("resourceArn")
        var tags = try self.tags(of: arn)
        try tags.set(try input.objects("tags") ?? [])
        try setTags(tags, of: arn)
        return [:]
    }

    mutating func untagResource(_ input: Input) throws(ECSFault) -> JSON {
        let arn = try input.required("resourceArn")
        var tags = try self.tags(of: arn)
        tags.remove(try input.strings("tagKeys") ?? [])
        try setTags(tags, of: arn)
        return [:]
    }

    func listTagsForResource(_ input: Input) throws(ECSFault) -> JSON {
        ["tags": .array(try tags(of: try input.required("resourceArn")).json)]
    }

    /// What an ARN that can carry tags names.
    private enum Tagged {
        case cluster(String)
        case service(cluster: String, name: String)
        case task(cluster: String, id: String)
        case revision(family: String, index: Int)
    }

    private func tagged(_ arn: String) throws(ECSFault) -> Tagged {
        guard arn.hasPrefix("arn:") else { throw .parameter("Invalid identifier: \(arn) is not an ARN.") }
        for kind in ["cluster", "service", "task", "task-definition"] {
            guard let rest = naming.shortName(arn, kind: kind) else { continue }
            let parts = rest.split(separator: "/", maxSplits: 1).map(String.init)
            switch (kind, parts.count) {
            case ("cluster", 1) where clusters[rest] != nil: return .cluster(rest)
            case ("service", 2) where clusters[parts[0]]?.services[parts[1]] != nil:
                return .service(cluster: parts[0], name: parts[1])
            case ("task", 2) where clusters[parts[0]]?.tasks[parts[1]] != nil:
                return .task(cluster: parts[0], id: parts[1])
            case ("task-definition", 1):
                guard let revision = revision(arn) else { break }
                return .revision(family: revision.family, index: revision.number - 1)
            default: break
            }
        }
        throw .parameter("The specified resource was not found: \(arn)")
    }

    private func tags(of arn: String) throws(ECSFault) -> TagList {
        switch try tagged(arn) {
        case .cluster(let name): clusters[name]?.tags ?? TagList()
        case .service(let cluster, let name): clusters[cluster]?.services[name]?.tags ?? TagList()
        case .task(let cluster, let id): clusters[cluster]?.tasks[id]?.tags ?? TagList()
        case .revision(let family, let index): families[family]?.revisions[index].tags ?? TagList()
        }
    }

    private mutating func setTags(_ tags: TagList, of arn: String) throws(ECSFault) {
        switch try tagged(arn) {
        case .cluster(let name): clusters[name]?.tags = tags
        case .service(let cluster, let name): clusters[cluster]?.services[name]?.tags = tags
        case .task(let cluster, let id): clusters[cluster]?.tasks[id]?.tags = tags
        case .revision(let family, let index): families[family]?.revisions[index].tags = tags
        }
        stateVersion += 1
    }
}
