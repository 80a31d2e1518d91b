import JSON

/// Values and collections within brackets, where JSON is read as it is.
extension Parser {
    /// - Parameter parent: the indentation of the block collection around the brackets, -1 at the root.
    mutating func flowNode(parent: Int) throws(SyntaxError) -> Node {
        switch cursor.peek() {
        case "[": try flowSequence(parent: parent)
        case "{": try flowMapping(parent: parent)
        default: try cursor.scalar(parent: parent, inFlow: true).node()
        }
    }

    private mutating func flowSequence(parent: Int) throws(SyntaxError) -> Node {
        let start = cursor.index
        try enter(at: start)
        defer { leave() }
        var elements: [Node] = []
        cursor.advance()
        while try !skipToEnd("]", of: start, parent: parent) {
            elements.append(try flowNode(parent: parent))
            try skipInFlow(parent: parent)
            guard cursor.peek() != ":" else {
                throw SyntaxError(at: cursor.index, "a mapping within '[ ]' must be written '{key: value}'")
            }
            try skipComma(before: "]", parent: parent)
        }
        return Node(.array(elements), at: start)
    }

    private mutating func flowMapping(parent: Int) throws(SyntaxError) -> Node {
        let start = cursor.index
        try enter(at: start)
        defer { leave() }
        var members: [Node.Member] = []
        cursor.advance()
        while try !skipToEnd("}", of: start, parent: parent) {
            let key = try cursor.scalar(parent: parent, inFlow: true)
            try skipInFlow(parent: parent)
            guard cursor.peek() == ":" else {
                let colon = key.isPlain ? "':' and a space are" : "':' is"
                throw SyntaxError(at: cursor.index, "\(colon) expected after the key")
            }
            try checkKey(key)
            cursor.advance()
            let value = try flowValue(of: key, parent: parent)
            members.append(Node.Member(key: key.text, keyOffset: key.offset, value: value))
            try skipComma(before: "}", parent: parent)
        }
        return Node(.object(members), at: start)
    }

    /// Reads the value behind a `:`; null where there is none.
    private mutating func flowValue(of key: ScalarText, parent: Int) throws(SyntaxError) -> Node {
        let start = cursor.index
        try skipInFlow(parent: parent)
        guard cursor.peek() != ",", cursor.peek() != "}" else { return Node(.scalar(.null), at: start) }
        guard cursor.index > start || !key.isPlain else {
            throw SyntaxError(at: start, "a space is needed after the ':' of a key")
        }
        return try flowNode(parent: parent)
    }

    /// Moves to the next entry, or behind the bracket that ends the collection.
    private mutating func skipToEnd(
        _ bracket: Unicode.Scalar, of start: Int, parent: Int
    ) throws(SyntaxError) -> Bool {
        try skipInFlow(parent: parent)
        guard !cursor.isAtEnd else { throw SyntaxError(at: start, "this bracket has no closing '\(bracket)'") }
        return cursor.skip(bracket)
    }

    /// Moves behind the `,` after an entry, or to the bracket that may stand instead.
    private mutating func skipComma(before bracket: Unicode.Scalar, parent: Int) throws(SyntaxError) {
        try skipInFlow(parent: parent)
        guard cursor.skip(",") || cursor.peek() == bracket || cursor.isAtEnd else {
            let isWithinText = cursor.peek() == "{" && cursor.peek(-1) == "$"
            throw SyntaxError(
                at: isWithinText ? cursor.index - 1 : cursor.index,
                isWithinText
                    ? "a text with '${' in it must be quoted within brackets" : "',' or '\(bracket)' is expected here")
        }
    }

    /// Moves over blanks, comments and line breaks within brackets.
    private mutating func skipInFlow(parent: Int) throws(SyntaxError) {
        if try cursor.skipToContent(), !cursor.isAtEnd { try cursor.requireContinuation(of: parent) }
    }
}
