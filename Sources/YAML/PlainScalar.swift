import JSON

extension Cursor {
    /// Reads a scalar without quotes, over as many lines as belong to it, and stops after its last character.
    mutating func plainScalar(parent: Int, inFlow: Bool) throws(SyntaxError) -> ScalarText {
        try checkPlainStart(inFlow: inFlow)
        let start = index
        var text = Array(try plainLine(inFlow: inFlow))
        var spansLines = false
        while let (fold, line) = try plainContinuation(parent: parent, inFlow: inFlow) {
            text += fold
            text += line
            spansLines = true
        }
        return ScalarText(
            text: String(decoding: text, as: UTF8.self), offset: start, isPlain: true, spansLines: spansLines)
    }

    /// The next line of a plain scalar and what folds it to the one before; nil, and no move, where there is none.
    private mutating func plainContinuation(
        parent: Int, inFlow: Bool
    ) throws(SyntaxError) -> (fold: [UInt8], line: ArraySlice<UInt8>)? {
        var next = self
        next.skipBlanks()
        guard next.isAtBreak else { return nil }
        let fold = next.foldLines()
        guard next.column > parent, !next.isAtDocumentMarker else { return nil }
        let begin = next
        let line = try next.plainLine(inFlow: inFlow)
        guard !line.isEmpty else { return nil }
        try begin.requireSpaces()
        self = next
        return (fold, line)
    }

    /// The characters of a plain scalar on this line, without the blanks around them; none where a comment, a `:` that
    /// ends a key, or a sign of flow brackets is here.
    private mutating func plainLine(inFlow: Bool) throws(SyntaxError) -> ArraySlice<UInt8> {
        let start = index
        var end = start
        scan: while let character = peek(), !Self.isBreak(character) {
            switch character {
            case "#" where index == start || index > end: break scan
            case ":" where isSeparated(1, inFlow: inFlow): break scan
            case _ where inFlow && Self.isFlowSign(character): break scan
            default:
                advance()
                if !Self.isBlank(character) { end = index }
            }
        }
        advance(by: end - index)
        return try printable(start..<end)
    }

    /// - Throws: where what is here begins no plain scalar, with what to write instead.
    private func checkPlainStart(inFlow: Bool) throws(SyntaxError) {
        let message: String? =
            switch peek() {
            case nil: "the text ends where a value is expected"
            case "-" where isSeparated(1, inFlow: inFlow):
                "a list cannot begin here: begin it on a line of its own, or quote the text"
            case "?" where isSeparated(1, inFlow: inFlow): "keys marked with '?' are not read: write 'key: value'"
            case ":" where isSeparated(1, inFlow: inFlow): "a key is expected before ':'"
            case "[", "{": "a key must be text: lists and mappings as keys are not read"
            case "&":
                "anchors are not read: write the value out at each place, or quote a text that begins with '&'"
            case "*": "aliases are not read: write the value out here, or quote a text that begins with '*'"
            case "!": "tags are not read: leave the tag out, and quote what is to be a string"
            case _ where inFlow && Self.isFlowSign(peek()): "a value is expected here"
            case "#": "a space is needed before the '#' of a comment"
            case ",", "]", "}", "|", ">", "%", "@", "`": "a text that begins with this character must be quoted"
            default: nil
            }
        if let message { throw SyntaxError(at: index, message) }
    }
}
