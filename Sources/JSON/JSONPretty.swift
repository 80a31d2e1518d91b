extension JSON {
    /// Over lines, except for what fits on one: for people to read and to change.
    ///
    /// - Parameter isOpen: whether the outermost object is written over lines, however short it is.
    public func pretty(isOpen: Bool = false) -> String { pretty(0, isOpen: isOpen) }

    private static let width = 110

    private func pretty(_ indent: Int, isOpen: Bool) -> String {
        let line = spaced
        if !isOpen, indent + line.count <= Self.width { return line }
        let (inner, outer) = (String(repeating: " ", count: indent + 2), String(repeating: " ", count: indent))
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { inner + $0.pretty(indent + 2, isOpen: false) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let object) where !object.isEmpty:
            let members = object.members.map {
                "\(inner)\(JSON.string($0.key).compact): \($0.value.pretty(indent + 2, isOpen: false))"
            }
            return "{\n" + members.joined(separator: ",\n") + "\n\(outer)}"
        default: return line
        }
    }

    private var spaced: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.spaced).joined(separator: ", ") + "]"
        case .object(let object) where !object.isEmpty:
            "{ "
                + object.members.map { "\(JSON.string($0.key).compact): \($0.value.spaced)" }.joined(separator: ", ")
                + " }"
        default: compact
        }
    }
}
