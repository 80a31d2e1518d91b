import JSON

/// A plain or quoted scalar as read, before it is known whether it is a key or a value.
struct ScalarText {
    let text: String
    let offset: Int
    let isPlain: Bool
    let spansLines: Bool

    /// The scalar as a value: plain text may stand for something else than a string.
    /// - Throws: where it means a number that JSON cannot express.
    func node() throws(SyntaxError) -> Node {
        Node(isPlain ? try CoreSchema.content(of: text, at: offset) : .string(text), at: offset)
    }
}

extension Cursor {
    /// Reads the plain or quoted scalar that begins here.
    /// - Parameters:
    ///   - parent: the indentation of the block collection around it, -1 at the root. Its lines are indented further.
    ///   - inFlow: whether it is within flow brackets, whose signs then end a plain scalar.
    mutating func scalar(parent: Int, inFlow: Bool) throws(SyntaxError) -> ScalarText {
        switch peek() {
        case "\"", "'": try quotedScalar(parent: parent)
        default: try plainScalar(parent: parent, inFlow: inFlow)
        }
    }
}
