import Base
import JSON
import YAML

/// Reads a manifest's environment and nothing else: what is asked of the past does not need the image of today.
public struct EnvironmentName {
    private let variables: Variables
    private let read: (String) throws(Failure) -> [UInt8]

    /// - Parameter read: a file's bytes, or ``Failure`` with code `manifest-unreadable`.
    public init(variables: Variables, read: @escaping (String) throws(Failure) -> [UInt8]) {
        self.variables = variables
        self.read = read
    }

    /// - Throws: ``Failure`` with code `manifest-unreadable`, or `manifest-invalid` with the place.
    public func load(_ path: String) throws(Failure) -> String {
        let source = SourceText(path: path, bytes: try read(path))
        let problems = Problems(source)
        do {
            let node = try source.parse()
            var keys: [String] = []
            if case .object(let members) = node.content { keys = members.map(\.key) }
            let root = ObjectReader(node, name: "", known: keys, variables: variables, problems: problems)
            if let name = root.label(RootKeys.environment), problems.all.isEmpty { return name }
        } catch {
            problems.add(at: error.offset, error.message)
        }
        throw Failure(
            .manifestInvalid, "the manifest does not say its environment", hint: "fix it, or name a ledger alone",
            problems: problems.all)
    }
}
