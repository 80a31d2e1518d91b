import JSON
import Ledger
import Manifest

/// What a manifest releases, as the ledger remembers it: what a later comparison is made with where CI gives the tag.
public struct ReleaseRecord: FactValue, Equatable {
    /// The image as it is named.
    public let image: String
    /// The declared version; nil if the version is `image`, or if there is no schema.
    public let schema: String?
    /// What was given with an option or a variable, and not by the manifest itself.
    public let given: Set<ReleasePart>
}

extension ReleaseRecord {
    /// - Parameter json: as it was recorded; nil where it was not.
    public init?(_ json: JSON?) {
        guard let json, let image = json["image"]?.string else { return nil }
        self.init(
            image: image, schema: json["schema"]?.string,
            given: Set((json["given"]?.elements ?? []).compactMap(\.string).compactMap(ReleasePart.init)))
    }

    public init(_ release: HistoryRun.Release) {
        self.init(
            image: release.image, schema: release.schema,
            given: Set(release.given.compactMap(ReleasePart.init)))
    }

    public var json: JSON {
        .members([
            "image": image, "schema": schema,
            "given": given.isEmpty ? nil : given.map(\.rawValue).sorted { $0.precedes($1) },
        ])
    }

    public init?(fact: String) { self.init(JSON(fact: fact)) }
    public var fact: String { json.canonical }

    /// The tag or digest, which is what tells two releases apart.
    public var tag: String {
        let name = image.lastIndex(of: "/").map { image[image.index(after: $0)...] } ?? image[...]
        if let at = name.firstIndex(of: "@") { return String(name[name.index(after: at)...]) }
        return name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? String(name)
    }

    /// The options that bring it about: what the manifest itself says needs none.
    public var overrides: Overrides {
        let (hasImage, isDigest) = (given.contains(.image), Syntax.isDigest(tag))
        return Overrides(
            imageTag: hasImage && !isDigest ? tag : nil, imageDigest: hasImage && isDigest ? tag : nil,
            schemaVersion: given.contains(.schema) ? schema : nil)
    }

    /// The tag or digest that it has in a repository; nil where it is of another one.
    func version(in repository: String) -> ImageSpec.Version? {
        guard image.hasPrefix(repository) else { return nil }
        let rest = image.dropFirst(repository.count)
        switch rest.first {
        case ":": return .tag(String(rest.dropFirst()))
        case "@": return .digest(String(rest.dropFirst()))
        default: return nil
        }
    }
}

extension Manifest {
    /// What it releases.
    public var release: ReleaseRecord {
        let version: String? = if case .declared(let version)? = schema?.version { version } else { nil }
        return ReleaseRecord(image: image.text, schema: version, given: given)
    }
}
