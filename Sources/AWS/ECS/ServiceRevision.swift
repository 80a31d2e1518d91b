import JSON

/// What a deployment of a service really runs (ECS API Reference, ServiceRevision). It never changes. ECS has none for
/// deployments from before 25 October 2024.
public struct ServiceRevision: Sendable, Equatable {
    public let arn: String
    /// The ARN of its task definition's revision; nil where ECS does not tell.
    public let taskDefinition: String?
    /// The digests of the images that were pulled, by container.
    public let imageDigests: [String: String]

    init(_ json: JSON, _ reader: AnswerReader) throws(AWSError) {
        arn = try reader.string("serviceRevisionArn", of: json, "a service revision")
        taskDefinition = try reader.text("taskDefinition", of: json, "service revision \(arn)")
        var digests: [String: String] = [:]
        for image in try reader.list("containerImages", of: json, "service revision \(arn)") ?? [] {
            let name = try reader.string("containerName", of: image, "an image of service revision \(arn)")
            digests[name] = try reader.text("imageDigest", of: image, "an image of service revision \(arn)")
        }
        imageDigests = digests
    }
}
