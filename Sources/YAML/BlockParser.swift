import JSON

/// Values and collections in block context, where indentation says what belongs together.
extension Parser {
    /// What a value is behind.
    enum Owner { case document, key, item }

    /// Reads the value behind a `---`, a `:` or a `-`; null where what follows is not its.
    /// - Parameter parent: the column of the key or of the `-`, -1 at the root. The value is indented further.
    mutating func blockValue(of owner: Owner, parent: Int) throws(SyntaxError) -> Node {
        let start = cursor.index
        let isFirst = try cursor.skipToContent()
        guard !cursor.isAtEnd, !cursor.isAtDocumentMarker else { return Node(.scalar(.null), at: start) }
        if isFirst, cursor.column <= parent {
            // A list may stand at the indentation of its key, since the '-' tells the two apart.
            guard owner == .key, cursor.column == parent, cursor.isAt(indicator: "-") else {
                return Node(.scalar(.null), at: start)
            }
            return try blockSequence(isAmongKeys: true)
        }
        if owner == .item, !isFirst, let tab = cursor.bytes[start..<cursor.index].firstIndex(of: 0x09) {
            throw SyntaxError(at: tab, "a tab follows this '-': write a space")
        }
        return try blockNode(parent: parent, mayBeCollection: isFirst || owner == .item)
    }

    /// - Parameter mayBeCollection: false behind a key on its line, where an inner collection would have no
    ///   indentation of its own.
    private mutating func blockNode(parent: Int, mayBeCollection: Bool) throws(SyntaxError) -> Node {
        switch cursor.peek() {
        case "|", ">": return try cursor.blockScalar(parent: parent)
        case "-" where mayBeCollection && cursor.isAt(indicator: "-"): return try blockSequence(isAmongKeys: false)
        case "[", "{":
            let node = try flowNode(parent: parent)
            if skipToColon() {
                throw SyntaxError(at: node.offset, "a key must be text: lists and mappings as keys are not read")
            }
            try cursor.endLine()
            return node
        default:
            let scalar = try cursor.scalar(parent: parent, inFlow: false)
            guard skipToColon() else {
                try cursor.endLine()
                return try scalar.node()
            }
            try checkKey(scalar)
            guard mayBeCollection else {
                throw SyntaxError(
                    at: cursor.index, "a text with ': ' in it must be quoted; a mapping begins on a line of its own")
            }
            return try blockMapping(firstKey: scalar)
        }
    }

    /// Reads the mapping whose first key has just been read.
    private mutating func blockMapping(firstKey: ScalarText) throws(SyntaxError) -> Node {
        try enter(at: firstKey.offset)
        defer { leave() }
        let indentation = firstKey.offset - cursor.lineStart
        var members: [Node.Member] = []
        var next: ScalarText? = firstKey
        while let key = next {
            cursor.advance()
            let value = try blockValue(of: .key, parent: indentation)
            members.append(Node.Member(key: key.text, keyOffset: key.offset, value: value))
            next = try blockKey(at: indentation)
        }
        return Node(.object(members), at: firstKey.offset)
    }

    /// Reads the next key of a mapping and leaves the cursor at its `:`; nil where the mapping has ended.
    private mutating func blockKey(at indentation: Int) throws(SyntaxError) -> ScalarText? {
        guard try skipToEntry(at: indentation) else { return nil }
        guard !cursor.isAt(indicator: "-") else {
            throw SyntaxError(at: cursor.index, "a list item cannot be among the keys of a mapping")
        }
        let key = try cursor.scalar(parent: indentation, inFlow: false)
        guard skipToColon() else { throw SyntaxError(at: key.offset, "a key and ': ' are expected here") }
        try checkKey(key)
        return key
    }

    /// - Parameter isAmongKeys: whether the list has the indentation of its key, so that the next key ends it.
    private mutating func blockSequence(isAmongKeys: Bool) throws(SyntaxError) -> Node {
        let start = cursor.index
        try enter(at: start)
        defer { leave() }
        let indentation = cursor.column
        var elements: [Node] = []
        repeat {
            cursor.advance()
            elements.append(try blockValue(of: .item, parent: indentation))
            guard try skipToEntry(at: indentation) else { break }
            guard isAmongKeys || cursor.isAt(indicator: "-") else {
                throw SyntaxError(at: cursor.index, "a '-' is expected here, as on the lines above")
            }
        } while cursor.isAt(indicator: "-")
        return Node(.array(elements), at: start)
    }

    /// Moves to the next content.
    /// - Returns: whether that is at the collection's indentation, false where it is at a lesser one.
    private mutating func skipToEntry(at indentation: Int) throws(SyntaxError) -> Bool {
        _ = try cursor.skipToContent()
        guard !cursor.isAtEnd, !cursor.isAtDocumentMarker, cursor.column >= indentation else { return false }
        guard cursor.column == indentation else {
            throw SyntaxError(at: cursor.index, "this line's indentation fits none of the lines above")
        }
        return true
    }

    private mutating func skipToColon() -> Bool {
        cursor.skipBlanks()
        return cursor.isAt(indicator: ":")
    }
}
