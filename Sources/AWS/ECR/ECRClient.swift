import JSON

/// Amazon Elastic Container Registry: what a tag points at.
public struct ECRClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// The digest that a tag points at now, or nil where the repository has no such tag.
    /// (ECR API Reference, DescribeImages; ImageNotFoundException for an unknown tag, some emulators an empty list.)
    ///
    /// - Parameters:
    ///   - registry: the account whose registry it is.
    ///   - region: the registry's region, which need not be the caller's.
    public func digest(
        registry: String, region: String, repository: String, tag: String
    ) async throws(AWSError) -> String? {
        let answer: JSON
        do {
            answer = try await caller.call(
                .ecr, "DescribeImages",
                [
                    "registryId": .string(registry), "repositoryName": .string(repository),
                    "imageIds": [["imageTag": .string(tag)]],
                ], region: region)
        } catch let error where error.code == "ImageNotFoundException" {
            return nil
        }
        let reader = AnswerReader(operation: "ecr:DescribeImages", secrets: caller.secrets)
        guard let images = try reader.list("imageDetails", of: answer) else {
            throw reader.malformed("the answer has no imageDetails")
        }
        guard let image = images.first else { return nil }
        if let tags = try reader.list("imageTags", of: image, "the image"), !tags.isEmpty, !tags.contains(.string(tag))
        {
            throw reader.malformed("the image does not have the tag \(tag)")
        }
        for (member, wanted) in [("registryId", registry), ("repositoryName", repository)] {
            guard image[member] == nil || image[member]?.string == wanted else {
                throw reader.malformed("the image is not of the repository that was asked for")
            }
        }
        let digest = try reader.string("imageDigest", of: image, "the image")
        // It becomes a part of an image's name, in which anything else would be another image.
        guard digest.hasPrefix("sha256:"), digest.utf8.count == 71, digest.dropFirst(7).allSatisfy(\.isHexDigit) else {
            throw reader.malformed("the image has an imageDigest that is not a digest")
        }
        return digest
    }
}
