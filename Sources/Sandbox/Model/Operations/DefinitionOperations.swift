import JSON

extension ECSModel {
    mutating func registerTaskDefinition(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        let family = try TaskDefinitionCheck.family(input)
        try TaskDefinitionCheck.containers(input)
        let tags = try TagList(try input.objects("tags"))
        var record = families[family] ?? FamilyRecord(name: family)
        let number = record.revisions.count + 1
        let arn = naming.definition(family, number)
        var document = TaskDefinitionDefaults.fill(input.json)
        document["tags"] = nil
        document["taskDefinitionArn"] = .string(arn)
        document["revision"] = .integer(number)
        document["registeredAt"] = .seconds(now)
        document["registeredBy"] = .string(naming.caller)
        let revision = RevisionRecord(arn: arn, family: family, number: number, document: document, tags: tags)
        record.revisions.append(revision)
        families[family] = record
        stateVersion += 1
        return ["taskDefinition": revision.json, "tags": .array(tags.json)]
    }

    func describeTaskDefinition(_ input: Input) throws(ECSFault) -> JSON {
        guard let revision = revision(try input.required("taskDefinition")) else { throw .indescribableDefinition }
        let includesTags = try input.strings("include")?.contains("TAGS") ?? false
        return .object(dropping: [
            "taskDefinition": revision.json, "tags": includesTags ? .array(revision.tags.json) : nil,
        ])
    }

    /// `familyPrefix` is the family's full name ("Specifying a familyPrefix limits the listed task definitions to task
    /// definition revisions that belong to that family", ECS API Reference, ListTaskDefinitions).
    func listTaskDefinitions(_ input: Input) throws(ECSFault) -> JSON {
        let isActive = try Self.status(input) == "ACTIVE"
        let family = try input.string("familyPrefix")
        let sort = try input.string("sort") ?? "ASC"
        guard sort == "ASC" || sort == "DESC" else { throw .parameter("sort must be ASC or DESC.") }
        var arns: [String] = []
        for name in families.keys.sorted(by: { $0.precedes($1) }) where family == nil || family == name {
            arns += (families[name]?.revisions ?? []).filter { $0.isActive == isActive }.map(\.arn)
        }
        return try Page.answer("taskDefinitionArns", of: sort == "ASC" ? arns : arns.reversed(), input)
    }

    func listTaskDefinitionFamilies(_ input: Input) throws(ECSFault) -> JSON {
        let status = try Self.status(input, orAll: true)
        let prefix = try input.string("familyPrefix") ?? ""
        let names = families.values.filter { family in
            let isActive = family.newestActive != nil
            return family.name.hasPrefix(prefix) && (status == "ALL" || isActive == (status == "ACTIVE"))
        }
        return try Page.answer("families", of: names.map(\.name).sorted { $0.precedes($1) }, input)
    }

    mutating func deregisterTaskDefinition(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        let text = try input.required("taskDefinition")
        guard text.contains(":"), let revision = revision(text) else { throw .indescribableDefinition }
        families[revision.family]?.revisions[revision.number - 1].isActive = false
        families[revision.family]?.revisions[revision.number - 1].deregisteredAt = now
        stateVersion += 1
        return ["taskDefinition": self.revision(text)?.json ?? revision.json]
    }

    private static func status(_ input: Input, orAll: Bool = false) throws(ECSFault) -> String {
        let status = try input.string("status") ?? "ACTIVE"
        guard ["ACTIVE", "INACTIVE"].contains(status) || (orAll && status == "ALL") else {
            throw .parameter("status \(status) is not known.")
        }
        return status
    }

    /// The revision that a text means: an ARN, `family:revision`, or a family for its newest active one.
    func revision(_ text: String) -> RevisionRecord? {
        guard let name = naming.shortName(text, kind: "task-definition") else { return nil }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard let family = families[String(parts[0])] else { return nil }
        switch parts.count {
        case 1: return text.hasPrefix("arn:") ? nil : family.newestActive
        case 2: return Int(parts[1]).flatMap(family.revision)
        default: return nil
        }
    }

    /// The revision that is to be run.
    func runnableRevision(_ text: String) throws(ECSFault) -> RevisionRecord {
        guard let revision = revision(text) else { throw .noDefinition }
        guard revision.isActive else { throw .inactiveDefinition }
        return revision
    }
}
