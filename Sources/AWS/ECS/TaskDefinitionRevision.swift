import JSON

/// A registered revision: its ARN, what was registered, and its tags (ECS API Reference, TaskDefinition).
public struct TaskDefinitionRevision: Sendable, Equatable {
    public let arn: String
    public let family: String
    /// `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    public let status: String
    public let registeredBy: String?
    /// As the server shows it, with everything that it filled in.
    public let document: JSON
    public let tags: [String: String]

    /// - Parameter answer: of DescribeTaskDefinition or RegisterTaskDefinition; tags stand beside the definition.
    init(_ answer: JSON, _ reader: AnswerReader) throws(AWSError) {
        document = try reader.object("taskDefinition", of: answer)
        arn = try reader.string("taskDefinitionArn", of: document, "the task definition")
        family = try reader.string("family", of: document, "the task definition")
        status = try reader.text("status", of: document, "the task definition") ?? "ACTIVE"
        registeredBy = try reader.text("registeredBy", of: document, "the task definition")
        tags = try reader.tags(of: answer, "the answer")
    }
}
