import Base
import JSON

/// Of a manifest what tells where its past is, and nothing else: what is asked of the past does not need the image of today.
public struct ManifestHead {
    private let path: String
    private let source: SourceText
    private let node: Node
    private let variables: Variables

    /// - Parameter read: a file's bytes, or ``Failure`` with code `manifest-unreadable`.
    /// - Throws: ``Failure`` with code `manifest-unreadable`, or `manifest-invalid` with the place.
    public init(_ path: String, variables: Variables, read: (String) throws(Failure) -> [UInt8]) throws(Failure) {
        self.path = path
        self.variables = variables.local
        source = SourceText(path: path, bytes: try read(path))
        do { node = try source.parse() } catch {
            let problems = Problems(source)
            problems.add(at: error.offset, error.message)
            throw Self.unclear("the manifest cannot be read", problems)
        }
    }

    public func environment() throws(Failure) -> String {
        try value(otherwise: "the manifest does not say its environment") { $0.label(RootKeys.environment) }
    }

    /// nil where the manifest names no ledger.
    public func ledger() throws(Failure) -> LedgerAddress? {
        try value(otherwise: "the manifest does not say its ledger") { .some($0.ledger(beside: path)) }
    }

    /// nil where the manifest says none, or one that is none: it helps to find a bucket, and no more.
    public var region: String? { root(Problems(source)).value(RootKeys.region) }

    private func root(_ problems: Problems) -> ObjectReader {
        var keys: [String] = []
        if case .object(let members) = node.content { keys = members.map(\.key) }
        return ObjectReader(node, name: "", known: keys, variables: variables, problems: problems)
    }

    private func value<Value>(
        otherwise summary: String, _ read: (ObjectReader) -> Value?
    ) throws(Failure) -> Value {
        let problems = Problems(source)
        guard let value = read(root(problems)), problems.all.isEmpty else { throw Self.unclear(summary, problems) }
        return value
    }

    private static func unclear(_ summary: String, _ problems: Problems) -> Failure {
        Failure(.manifestInvalid, summary, hint: "fix it, or name a ledger alone", problems: problems.all)
    }
}

extension ObjectReader {
    /// The ledger that a manifest names; a file is relative to the manifest.
    func ledger(beside manifest: String) -> LedgerAddress? {
        guard let text = value(RootKeys.ledger) else { return nil }
        do {
            let address = try LedgerAddress(text)
            guard case .file(let path) = address else { return address }
            return .file(ManifestLoader.path(of: path, beside: manifest))
        } catch {
            problems.add(
                at: place(RootKeys.ledger), "ledger \(written(RootKeys.ledger)): \(error.reason)",
                hint: LedgerAddress.advice)
            return nil
        }
    }
    /// The Terraform state that a manifest names; a file is relative to the manifest.
    func state(beside manifest: String) -> StatePlace? {
        guard let sources = object(RootKeys.sources), let text = sources.value(SourcesKeys.tfstate) else { return nil }
        do throws(StatePlace.Misnamed) {
            return try StatePlace(text) { ManifestLoader.path(of: $0, beside: manifest) }
        } catch {
            sources.refuse(SourcesKeys.tfstate, error.reason, hint: error.hint)
            return nil
        }
    }
}
