import JSON

/// Tells manifests from other people's files: one with a mistake in it is to be reported, and not passed over.
public enum ManifestRecognition {
    /// Whether a name is of a kind that manifests have.
    public static func isCandidate(_ name: String) -> Bool {
        let name = name.lowercased()
        return [".json", ".yaml", ".yml"].contains(where: name.hasSuffix)
    }

    /// Whether a file is a manifest, or was meant to be one: by its `apiVersion`, also if that is misspelt; or, if it
    /// has none, by `services` or `schema` together with another key of a manifest.
    public static func isMeant(_ path: String, _ bytes: [UInt8]) -> Bool {
        let namesUs = ["apiVersion", "reconcile/v"].allSatisfy { bytes.contains($0.utf8) }
        // To parse what has none of these words would be in vain.
        guard namesUs || ["reconcile/", "services", "schema"].contains(where: { bytes.contains($0.utf8) }) else {
            return false
        }
        guard bytes.count <= ManifestLoader.largest else { return namesUs }
        do {
            let node = try SourceText(path: path, bytes: bytes).parse()
            guard case .object(let members) = node.content else { return namesUs }
            return members.contains(where: isVersion) || isShaped(node)
        } catch {
            return namesUs
        }
    }

    private static func isVersion(_ member: Node.Member) -> Bool {
        guard case .string(let text) = member.value.content, text.hasPrefix("reconcile/") else { return false }
        return NearestKey.of(member.key, among: ["apiVersion"]) != nil
    }

    private static func isShaped(_ root: Node) -> Bool {
        let services: Bool
        if case .array(let elements) = root.member("services")?.content {
            services = elements.contains { $0.member("name") != nil }
        } else {
            services = false
        }
        let schema = root.member("schema")?.member("database") != nil
        let others = [
            isText(root.member("environment")), isText(root.member("cluster")),
            root.member("image")?.member("repository") != nil, root.member("taskDefinition") != nil,
        ]
        return (services && schema) || ((services || schema) && others.contains(true))
    }

    private static func isText(_ node: Node?) -> Bool {
        if case .string = node?.content { true } else { false }
    }
}
