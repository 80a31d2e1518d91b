import Glibc
import Hashing
import JSON

/// The images in a directory: `REPOSITORY/TAG/` is an image, its `bin` holds its programs.
struct ImageStore: Sendable {
    /// The folder of all repositories.
    let root: String
    private let digests = DigestCache()

    init(root: String) { self.root = root }

    struct Image: Sendable, Equatable {
        let path: String
        /// `sha256:...` over all that is in the folder.
        let digest: String
        let configuration: ImageConfiguration
    }

    enum Missing: Error, Equatable {
        case image
        case unreadable(String)
    }

    /// What ECR shows of one repository; nil where there is none.
    func tags(of repository: String) throws(FileError) -> [String: String]? {
        guard Self.isSafe(repository), FileTree.isFolder("\(root)/\(repository)") else { return nil }
        var tags: [String: String] = [:]
        for name in try FileTree.names(in: "\(root)/\(repository)")
        where Self.isImage("\(root)/\(repository)/\(name)") {
            tags[name] = try digest("\(root)/\(repository)/\(name)")
        }
        return tags
    }

    /// The image that a reference of a task definition means: `[REGISTRY/]REPOSITORY[:TAG][@sha256:DIGEST]`.
    func image(_ text: String) throws(Missing) -> Image {
        let reference = ImageReference(text)
        guard Self.isSafe(reference.repository), reference.tag.map(Self.isSafe) ?? true else { throw .image }
        do {
            if let digest = reference.digest {
                let tags = try tags(of: reference.repository) ?? [:]
                guard let tag = tags.filter({ $0.value == digest }).map(\.key).min() else { throw Missing.image }
                return try image(reference.repository, tag, digest)
            }
            let tag = reference.tag ?? "latest"
            let path = "\(root)/\(reference.repository)/\(tag)"
            guard Self.isImage(path) else { throw Missing.image }
            return try image(reference.repository, tag, try digest(path))
        } catch let error as FileError {
            throw .unreadable(error.description)
        } catch {
            throw .image
        }
    }

    private func image(_ repository: String, _ tag: String, _ digest: String) throws(FileError) -> Image {
        let path = "\(root)/\(repository)/\(tag)"
        return Image(path: path, digest: digest, configuration: try ImageConfiguration(inFolder: path))
    }

    /// SHA-256 over the sorted paths with mode and content of each: the same on every machine.
    private func digest(_ folder: String) throws(FileError) -> String {
        let entries = try FileTree.files(under: folder)
        if let known = digests.digest(of: folder, entries) { return known }
        var digest: [UInt8] = []
        for entry in entries {
            let mode = entry.mode & 0o111 == 0 ? "file" : "program"
            digest += "\(entry.path)\u{0}\(mode)\u{0}".utf8
            digest += SHA256.hash(try FileTree.read("\(folder)/\(entry.path)"))
        }
        let text = "sha256:\(Hex.encode(SHA256.hash(digest)))"
        digests.keep(text, of: folder, entries)
        return text
    }

    /// A folder with a `bin` or an `image.json` is an image; one without is a part of a repository's name.
    private static func isImage(_ path: String) -> Bool {
        FileTree.isFolder("\(path)/bin") || FileTree.exists("\(path)/image.json")
    }

    /// Whether a name stays below the folder that it is looked up in.
    private static func isSafe(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } && !name.utf8.contains(0)
    }
}

/// A reference to an image, without its registry.
struct ImageReference: Sendable, Equatable {
    let repository: String
    let tag: String?
    let digest: String?

    init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        digest = parts.count > 1 ? String(parts[1]) : nil
        var name = parts[0]
        // The first component is a registry's host where it has a dot or a port, as in the reference grammar of OCI.
        if let slash = name.firstIndex(of: "/") {
            let host = name[..<slash]
            if host.contains(".") || host.contains(":") || host == "localhost" {
                name = name[name.index(after: slash)...]
            }
        }
        let pieces = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        repository = String(pieces[0])
        tag = pieces.count > 1 ? String(pieces[1]) : nil
    }
}

/// What an image runs where the definition does not say (`image.json`, with the names of an OCI image's configuration).
struct ImageConfiguration: Sendable, Equatable {
    let entryPoint: [String]
    let command: [String]

    init(inFolder path: String) throws(FileError) {
        guard FileTree.exists("\(path)/image.json") else {
            entryPoint = []
            command = ["serve"]
            return
        }
        let json: JSON
        do { json = try JSON.parse(try FileTree.read("\(path)/image.json")) } catch let error as FileError {
            throw error
        } catch {
            throw FileError("\(path)/image.json", "is not JSON")
        }
        entryPoint = json["entrypoint"]?.elements.compactMap(\.string) ?? []
        command = json["cmd"]?.elements.compactMap(\.string) ?? ["serve"]
    }

    /// The words to run. As in container engines, an entry point of the definition sets the image's own command aside.
    func words(entryPoint wantedEntryPoint: [String]?, command wantedCommand: [String]?) -> [String] {
        if let wantedEntryPoint { return wantedEntryPoint + (wantedCommand ?? []) }
        return entryPoint + (wantedCommand ?? command)
    }
}
