import JSON

/// What a container registry holds, and the ECR operation that shows it (ECR API Reference, DescribeImages).
public struct ImageCatalogue: Sendable, Equatable {
    /// Digest (`sha256:...`) by tag by repository.
    public var repositories: [String: [String: String]]

    public init(_ repositories: [String: [String: String]] = [:]) { self.repositories = repositories }

    func handle(_ operation: String, _ input: JSON, registry: String) -> Result<JSON, ECSFault> {
        guard operation == "DescribeImages" else { return .failure(.unknownOperation(operation)) }
        do {
            return .success(try describeImages(Input(input), registry))
        } catch {
            return .failure(error)
        }
    }

    private func describeImages(_ input: Input, _ registry: String) throws(ECSFault) -> JSON {
        let name = try input.required("repositoryName")
        let asked = try input.string("registryId") ?? registry
        guard asked == registry, let tags = repositories[name] else {
            throw ECSFault(
                "RepositoryNotFoundException",
                "The repository with name '\(name)' does not exist in the registry with id '\(asked)'")
        }
        let all = tags.sorted { $0.key.precedes($1.key) }
        var digests: [String] = []
        if let ids = try input.objects("imageIds") {
            for id in ids { digests.append(try digest(of: id, all, name, registry)) }
        } else {
            digests = all.map(\.value)
        }
        var seen: Set<String> = []
        let details = digests.filter { seen.insert($0).inserted }.map { digest -> JSON in
            [
                "registryId": .string(registry), "repositoryName": .string(name), "imageDigest": .string(digest),
                "imageTags": JSON(all.filter { $0.value == digest }.map(\.key)),
            ]
        }
        return ["imageDetails": .array(details)]
    }

    private func digest(
        of id: Input, _ all: [(key: String, value: String)], _ repository: String, _ registry: String
    ) throws(ECSFault) -> String {
        let tag = try id.string("imageTag")
        let digest = try id.string("imageDigest")
        let found = all.first { (tag == nil || $0.key == tag) && (digest == nil || $0.value == digest) }
        guard let found, tag != nil || digest != nil else {
            throw ECSFault(
                "ImageNotFoundException",
                "The image with imageId {imageDigest:'\(digest ?? "null")', imageTag:'\(tag ?? "null")'} does not exist "
                    + "within the repository with name '\(repository)' in the registry with id '\(registry)'")
        }
        return found.value
    }
}
