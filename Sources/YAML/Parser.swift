import JSON

/// Reads one document. Block collections and flow collections have extensions of their own; scalars are read by
/// ``Cursor``.
struct Parser {
    var cursor: Cursor
    private var depth = 0

    init(_ cursor: Cursor) { self.cursor = cursor }

    mutating func document() throws(SyntaxError) -> Node {
        try documentStart()
        let root = try blockValue(of: .document, parent: -1)
        _ = try cursor.skipToContent()
        let isMarked = cursor.isAtDocumentMarker
        if cursor.isAtDocumentMarker, cursor.peek() == "." {
            cursor.advance(by: 3)
            try cursor.endLine()
            _ = try cursor.skipToContent()
        }
        guard cursor.isAtEnd else {
            let message =
                isMarked
                ? "only one document is read: put each into a file of its own"
                : "text after the end of the document's value: is its indentation right?"
            throw SyntaxError(at: cursor.index, message)
        }
        return root
    }

    /// Moves behind a leading `---`. Without one the cursor stays, for the root's value to begin a line.
    private mutating func documentStart() throws(SyntaxError) {
        var ahead = cursor
        _ = try ahead.skipToContent()
        if ahead.peek() == "%", ahead.column == 0 {
            throw SyntaxError(at: ahead.index, "directives are not read: leave this line out")
        }
        if ahead.isAtDocumentMarker, ahead.skip("-") {
            ahead.advance(by: 2)
            cursor = ahead
        }
    }

    /// Checks that the scalar before the `:` at the cursor is one that we read as a key.
    func checkKey(_ key: ScalarText) throws(SyntaxError) {
        guard !key.spansLines else {
            throw SyntaxError(at: cursor.index, "the text before this ':' began on a line above: check its indentation")
        }
        guard key.text != "<<" || !key.isPlain else {
            throw SyntaxError(at: key.offset, "merge keys are not read: write out what '<<' would merge")
        }
    }

    /// Counts a collection that begins at `offset`; ``leave()`` is due where it ends.
    mutating func enter(at offset: Int) throws(SyntaxError) {
        depth += 1
        guard depth <= 512 else { throw SyntaxError(at: offset, "nested deeper than 512 levels") }
    }

    mutating func leave() { depth -= 1 }
}
