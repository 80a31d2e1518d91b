import JSON

/// What is between values: blanks, comments, line breaks and indentation.
extension Cursor {
    /// Moves over blanks, comments and line breaks to the next content.
    /// - Returns: whether that is the first thing on its line, which says nothing at the end.
    /// - Throws: where a tab indents the content.
    mutating func skipToContent() throws(SyntaxError) -> Bool {
        var isFirst = index == lineStart
        skipRestOfLine()
        while skipBreak() {
            isFirst = true
            skipRestOfLine()
        }
        if isFirst, !isAtEnd { try requireSpaces() }
        return isFirst
    }

    /// Moves to the end of a line whose last value ends here.
    /// - Throws: where something but a comment follows.
    mutating func endLine() throws(SyntaxError) {
        skipRestOfLine()
        guard isAtEnd || isAtBreak else {
            let message =
                switch peek() {
                case ":": "a space is needed after the ':' of a key"
                case "#": "a space is needed before the '#' of a comment"
                default: "text after the end of the value"
                }
            throw SyntaxError(at: index, message)
        }
    }

    /// Moves over blanks and a comment, which must not stand directly behind something else.
    mutating func skipRestOfLine() {
        skipBlanks()
        if peek() == "#", index == lineStart || Self.isBlank(peek(-1)) { skipLine() }
    }

    /// Moves from the end of a scalar's line to the next line of it that is not blank.
    /// - Returns: what the line breaks are folded into: a space, or a line feed for each blank line.
    mutating func foldLines() -> [UInt8] {
        var breaks = 0
        while skipBreak() {
            breaks += 1
            skipBlanks()
        }
        return Self.fold(breaks)
    }

    /// What `breaks` line breaks, one or more, stand for between two lines of text that is folded.
    static func fold(_ breaks: Int) -> [UInt8] { breaks == 1 ? [0x20] : lineFeeds(breaks - 1) }

    static func lineFeeds(_ count: Int) -> [UInt8] { Array(repeating: 0x0A, count: count) }

    /// Checks the indentation of a line on which a value within quotes or brackets continues.
    func requireContinuation(of parent: Int) throws(SyntaxError) {
        try requireSpaces()
        guard !isAtDocumentMarker else {
            throw SyntaxError(at: index, "the document ends here, within quotes or brackets that are still open")
        }
        guard isAtEnd || column > parent else {
            throw SyntaxError(at: index, "a line within quotes or brackets must be indented further than its key")
        }
    }

    /// - Throws: where what is before the first content of a line has a tab in it.
    func requireSpaces() throws(SyntaxError) {
        if let tab = bytes[lineStart..<index].firstIndex(of: 0x09) {
            throw SyntaxError(at: tab, "a tab indents this line: indent it with spaces")
        }
    }
}
