import Base
import JSON

/// Reads the members of one object: what is missing, repeated, unknown or of another type becomes a problem with its
/// place, and reading goes on, so that one look at a manifest finds all that is wrong with it.
struct ObjectReader {
    let node: Node
    let problems: Problems
    private(set) var variables: Variables
    private let name: String
    private let members: [Node.Member]

    /// - Parameters:
    ///   - name: what the object is called in messages, such as `schema.migrate`; empty for the manifest itself.
    ///   - known: the keys that it may have.
    init(_ node: Node, name: String, known: [String], variables: Variables, problems: Problems) {
        self.node = node
        self.name = name
        self.variables = variables
        self.problems = problems
        guard case .object(let members) = node.content else {
            problems.add(
                at: node.offset, "\(name.isEmpty ? "the manifest" : name) must be an object, \(node.kind) found",
                hint: "its keys are: \(known.joined(separator: ", "))")
            self.members = []
            return
        }
        var seen: Set<String> = []
        for member in members where !problems.isFull {
            if !seen.insert(member.key).inserted {
                problems.addRepeated(member)
            } else if !known.contains(member.key) {
                problems.add(
                    at: member.keyOffset, "unknown key \(quoted(member.key))\(name.isEmpty ? "" : " in \(name)")",
                    hint: Self.advice(member.key, known))
            }
        }
        self.members = members
    }

    /// The same object, for keys that must be known before anything is looked up.
    var local: ObjectReader {
        var copy = self
        copy.variables = variables.local
        return copy
    }

    private static func advice(_ key: String, _ known: [String]) -> String {
        if let home = ManifestSections.home(of: key) { return "it belongs to \(home)" }
        return NearestKey.hint(key, among: known) ?? "known are: \(known.joined(separator: ", "))"
    }

    /// Whether the node is an object. If not, that was reported already, and no key counts as missing.
    var isObject: Bool { if case .object = node.content { true } else { false } }

    /// The member's node; an explicit null counts as absent.
    func node(_ key: String) -> Node? {
        members.last { $0.key == key }?.value.presence
    }

    func node<Value>(_ key: ManifestKey<Value>) -> Node? { node(key.name) }

    /// Reports a section that was started and left empty: taken for absent, it would switch off what someone wanted.
    func refuseEmpty(_ key: ManifestKey<ManifestSection>, hint: String) {
        guard let member = members.last(where: { $0.key == key.name }), member.value.presence == nil else { return }
        problems.add(at: member.keyOffset, "\(path(key)) is empty", hint: hint)
    }

    func object(_ key: ManifestKey<ManifestSection>) -> ObjectReader? {
        guard let node = node(key) else { return nil }
        return ObjectReader(
            node, name: path(key), known: key.standard.names, variables: variables, problems: problems)
    }

    /// The same, without a member where it is left out: then defaults count.
    func section(_ key: ManifestKey<ManifestSection>) -> ObjectReader {
        let empty = Node(.object([]), at: node.offset)
        return object(key)
            ?? ObjectReader(empty, name: path(key), known: [], variables: variables, problems: problems)
    }

    /// The objects of a list.
    func objects(_ key: ManifestKey<ManifestSection>, hint: String) -> [ObjectReader]? {
        elements(key, hint: hint).map { elements in
            elements.enumerated().map { index, element in
                ObjectReader(
                    element, name: "\(path(key))[\(index)]", known: key.standard.names, variables: variables,
                    problems: problems)
            }
        }
    }

    func missing<Value>(_ key: ManifestKey<Value>) {
        if isObject {
            problems.add(at: node.offset, "\(name.isEmpty ? "the manifest" : name) needs the key \"\(key.name)\"")
        }
    }

    func elements<Value>(_ key: ManifestKey<Value>, hint: String = "write it in brackets: [ … ]") -> [Node]? {
        guard let node = node(key) else { return nil }
        guard case .array(let elements) = node.content else {
            problems.add(at: node.offset, "\(path(key)) must be a list, \(node.kind) found", hint: hint)
            return nil
        }
        return elements
    }

    /// Where a member is, or its object where an option of the command line took its place.
    func place<Value>(_ key: ManifestKey<Value>) -> Int { (node(key) ?? node).offset }

    func written<Value>(_ key: ManifestKey<Value>) -> String { node(key)?.written ?? "" }
    func path<Value>(_ key: ManifestKey<Value>) -> String { name.isEmpty ? key.name : "\(name).\(key.name)" }

    /// Reports what is wrong with a key's value.
    func complain<Value>(_ key: ManifestKey<Value>, _ what: String, hint: String? = nil) {
        problems.add(at: place(key), "\(path(key)) \(what)", hint: hint)
    }

    /// The same with the value as it is written.
    ///
    /// - Parameter given: an option with its value, which took the place of the member's.
    func refuse<Value>(_ key: ManifestKey<Value>, _ what: String, given: String? = nil, hint: String? = nil) {
        problems.add(at: place(key), "\(given ?? "\(path(key)) \(written(key))") \(what)", hint: hint)
    }

    /// - Parameter maySecret: whether what is there may be a password: then it is not repeated.
    func text(
        _ node: Node, _ complaint: String, hint: String? = nil, maySecret: Bool = false
    ) -> String? {
        guard case .string(let raw) = node.content else {
            problems.add(
                at: node.offset, "\(complaint), \(node.kind) found", hint: hint ?? inQuotes(node, maySecret: maySecret))
            return nil
        }
        return variables.resolve(raw, at: node.offset, problems)
    }

    /// As it is written: a version 1.10 is not meant to be 1.1.
    func inQuotes(_ node: Node, maySecret: Bool) -> String? {
        switch node.content {
        case .scalar(.null): "write \"\" for an empty text"
        case .scalar where maySecret: "write it in quotes"
        case .scalar: "write it in quotes: \"\(problems.source.word(at: node.offset))\""
        default: nil
        }
    }
}
