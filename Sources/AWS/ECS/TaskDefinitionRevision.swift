import JSON

/// A registered revision: its ARN, what was registered, and its tags (ECS API Reference, TaskDefinition).
public struct TaskDefinitionRevision: Sendable, Equatable {
    public let arn: String
    public let family: String
    /// `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    public let status: String
    public let registeredBy: String?
    /// In seconds since 1970; nil where it is not a number.
    public let registeredAt: Int64?
    /// As the server shows it, with everything that it filled in.
    public let document: JSON
    public var tags: [String: String]

    /// - Parameter answer: of DescribeTaskDefinition or RegisterTaskDefinition; tags stand next to the definition.
    /// - Throws: ``AWSError`` of kind `malformed` for an answer that is not complete.
    init(_ answer: JSON, _ reader: AnswerReader) throws(AWSError) {
        document = try reader.object("taskDefinition", of: answer)
        arn = try reader.string("taskDefinitionArn", of: document, "the task definition")
        family = try reader.string("family", of: document, "the task definition")
        status = try reader.text("status", of: document, "the task definition") ?? "ACTIVE"
        registeredBy = try reader.text("registeredBy", of: document, "the task definition")
        registeredAt = document["registeredAt"]?.double.flatMap { Int64(exactly: $0.rounded(.down)) }
        tags = try reader.tags(of: answer, "the answer")
        try check(reader)
    }

    /// What an answer lacks would be taken for what the revision lacks, for ever.
    private func check(_ reader: AnswerReader) throws(AWSError) {
        let name = arn.split(separator: "/").last ?? ""
        let number = try reader.number("revision", of: document, "the task definition")
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == family, let own = Int(parts[1]), number ?? own == own else {
            throw reader.malformed("taskDefinitionArn of the task definition does not match its family and revision")
        }
        let containers = try reader.list("containerDefinitions", of: document, "the task definition") ?? []
        guard !containers.isEmpty else { throw reader.malformed("the task definition has no containerDefinitions") }
        for container in containers {
            _ = try reader.string("name", of: container, "a container of \(name)")
            _ = try reader.string("image", of: container, "a container of \(name)")
        }
    }
}
