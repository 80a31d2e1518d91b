import JSON

/// Amazon Elastic Container Registry: what a tag points at.
public struct ECRClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// What a registry has of an image.
    public enum Platforms: Sendable, Equatable {
        /// The registry does not have the image.
        case absent
        /// It is built for one, which its manifest does not name.
        case one
        /// It is built for these, such as `linux/arm64`.
        case several([String])
    }

    /// The platforms that an image is built for.
    /// (ECR API Reference, BatchGetImage; OCI Image Format Specification, "image index".)
    public func platforms(
        registry: String, region: String, repository: String, digest: String
    ) async throws(AWSError) -> Platforms {
        let answer = try await caller.call(
            .ecr, "BatchGetImage",
            [
                "registryId": .string(registry), "repositoryName": .string(repository),
                "imageIds": [["imageDigest": .string(digest)]],
                "acceptedMediaTypes": [
                    "application/vnd.oci.image.index.v1+json",
                    "application/vnd.docker.distribution.manifest.list.v2+json",
                    "application/vnd.oci.image.manifest.v1+json",
                    "application/vnd.docker.distribution.manifest.v2+json",
                ],
            ], region: region)
        let reader = AnswerReader(operation: "ecr:BatchGetImage", secrets: caller.secrets)
        guard let image = try reader.list("images", of: answer)?.first else { return .absent }
        let text = try reader.string("imageManifest", of: image, "the image")
        let manifest: JSON
        do { manifest = try JSON.parse(text) } catch { throw reader.malformed("the imageManifest is not JSON") }
        guard let parts = manifest["manifests"]?.array else { return .one }
        let platforms = parts.compactMap { part -> String? in
            guard let system = part["platform"]?["os"]?.string, let kind = part["platform"]?["architecture"]?.string,
                system != "unknown"
            else { return nil }
            return "\(system)/\(kind)"
        }
        return .several(platforms)
    }

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
