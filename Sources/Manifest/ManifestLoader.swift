import Base
import JSON

/// Reads a manifest and the files that it names, and tells all that is wrong with them in one go.
public struct ManifestLoader {
    private let variables: Variables
    private let overrides: Overrides
    private let read: (String) throws(Failure) -> [UInt8]

    /// No manifest and no task definition is larger, by far.
    static let largest = 4 << 20

    /// - Parameter read: a file's bytes, or ``Failure`` with code `manifest-unreadable`.
    public init(variables: Variables, overrides: Overrides, read: @escaping (String) throws(Failure) -> [UInt8]) {
        self.variables = variables
        self.overrides = overrides
        self.read = read
    }

    /// - Parameter found: what was looked up for it.
    /// - Throws: ``Failure`` with code `manifest-unreadable`, or `manifest-invalid` with every problem at its place.
    public func load(_ path: String, _ found: LookedUp = LookedUp()) throws(Failure) -> Manifest {
        try read(path, found, also: "nothing was \(found.isEmpty ? "sent to AWS" : "changed")")
    }

    /// Finds out what a manifest needs to have looked up, and all that is wrong with the rest of it.
    ///
    /// - Returns: the manifest, complete if `unread` is empty.
    /// - Throws: what ``load(_:_:)`` throws.
    public func survey(_ path: String) throws(Failure) -> Manifest {
        try read(path, nil, also: "nothing was sent to AWS")
    }

    private func read(_ path: String, _ found: LookedUp?, also effect: String) throws(Failure) -> Manifest {
        let source = SourceText(path: path, bytes: try bytes(path))
        let problems = Problems(source)
        do {
            let root = try source.parse()
            let state = root.member(RootKeys.sources.name)?.member(SourcesKeys.tfstate.name)
            let variables = variables.unused(found, namesState: state != nil)
            if case .unusable(let why, let hint)? = found?.state, let state {
                problems.add(at: state.offset, "the Terraform state cannot be used: \(why)", hint: hint)
            }
            let reader = ManifestReader(
                source: source, variables: variables, overrides: overrides, problems: problems,
                file: { (name) throws(Failure) in
                    let beside = Self.path(of: name, beside: path)
                    return SourceText(path: beside, bytes: try bytes(beside))
                })
            if var manifest = reader.read(root) {
                (manifest.variables, manifest.unread) = (variables.usedValues, variables.needed)
                return manifest
            }
        } catch {
            problems.add(contentsOf: [source.problem(error)])
        }
        throw Self.invalid(problems.all, of: path, also: effect)
    }

    private func bytes(_ path: String) throws(Failure) -> [UInt8] {
        let bytes = try read(path)
        guard bytes.count <= Self.largest else {
            throw Failure(
                .manifestUnreadable, "\(path) is larger than \(Self.largest >> 20) MiB", hint: "is it the right file?")
        }
        return bytes
    }

    /// Where a file is that a manifest names.
    ///
    /// What comes through a pipe or standard input is read as if it were in the current folder.
    public static func path(of name: String, beside manifest: String) -> String {
        let isStream = ["/dev/", "/proc/"].contains(where: manifest.hasPrefix)
        guard !name.hasPrefix("/"), !isStream, let slash = manifest.lastIndex(of: "/") else { return name }
        return manifest[...slash] + name
    }

    private static func invalid(_ problems: [Problem], of manifest: String, also effect: String) -> Failure {
        let sorted = problems.sorted {
            ($0.file, $0.position?.line ?? 0, $0.position?.column ?? 0, $0.message)
                < ($1.file, $1.position?.line ?? 0, $1.position?.column ?? 0, $1.message)
        }
        let least = sorted.count >= Problems.most ? "at least " : ""
        let count = sorted.count == 1 ? "1 problem" : "\(least)\(sorted.count) problems"
        let owner = sorted.allSatisfy { $0.file == manifest } ? "the manifest has" : "the manifest and its files have"
        return Failure(
            .manifestInvalid, "\(owner) \(count); \(effect)",
            hint: "fix \(sorted.count == 1 ? "it" : "them") and run the same command again", problems: sorted)
    }
}
