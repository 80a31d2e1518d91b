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
        } catch {
            if error.code == "ImageNotFoundException" { return nil }
            throw error
        }
        return answer["imageDetails"]?.elements.first?["imageDigest"]?.string
    }
}
