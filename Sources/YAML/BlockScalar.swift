import JSON

/// What the line of a `|` or `>` says about the lines below it.
private struct BlockScalarHeader {
    enum Chomping { case strip, clip, keep }

    var isFolded: Bool
    var chomping = Chomping.clip
    /// By how much the text is indented further than what is around it, where that is written.
    var indentation: Int?
}

extension Cursor {
    /// Reads a literal (`|`) or folded (`>`) scalar with all lines that belong to it.
    /// - Parameter parent: the indentation of the block collection around it, -1 at the root.
    mutating func blockScalar(parent: Int) throws(SyntaxError) -> Node {
        let start = index
        let header = try blockScalarHeader()
        // As libyaml does we ask for a space at the root too, so that no line of text is taken for the marker `---`.
        let base = max(parent, 0)
        let indentation =
            if let written = header.indentation { base + written } else { try textIndentation(beyond: base) }
        return Node(.string(try blockText(header, indentation: indentation)), at: start)
    }

    private mutating func blockScalarHeader() throws(SyntaxError) -> BlockScalarHeader {
        var header = BlockScalarHeader(isFolded: peek() == ">")
        advance()
        header.indentation = skipIndentationIndicator()
        if skip("-") { header.chomping = .strip } else if skip("+") { header.chomping = .keep }
        if header.indentation == nil { header.indentation = skipIndentationIndicator() }
        skipRestOfLine()
        guard isAtEnd || isAtBreak else {
            throw SyntaxError(at: index, "the text of a block scalar begins on the next line, or is to be quoted")
        }
        _ = skipBreak()
        return header
    }

    private mutating func skipIndentationIndicator() -> Int? {
        guard let character = peek(), ("1"..."9").contains(character) else { return nil }
        advance()
        return Int(character.value - 0x30)
    }

    /// The indentation of the first line that is not blank; where none is indented beyond `base`, one that only the
    /// blank lines have.
    private func textIndentation(beyond base: Int) throws(SyntaxError) -> Int {
        var ahead = self
        var longest: (length: Int, end: Int) = (base + 1, index)
        repeat {
            ahead.skipSpaces()
            guard ahead.isAtEnd || ahead.isAtBreak else { break }
            if ahead.column > longest.length { longest = (ahead.column, ahead.index) }
        } while ahead.skipBreak()
        guard !ahead.isAtEnd, ahead.column > base else { return longest.length }
        guard longest.length <= ahead.column else {
            throw SyntaxError(at: longest.end, "a blank line before the text has more spaces than the text")
        }
        return ahead.column
    }

    private mutating func blockText(_ header: BlockScalarHeader, indentation: Int) throws(SyntaxError) -> String {
        var text: [UInt8] = []
        // Line breaks since the last line that is not blank; between lines that begin with no blank `>` folds them.
        var breaks = 0
        var isAfterFoldable = false
        while !isAtEnd {
            var line = self
            line.skipSpaces(atMost: indentation)
            let isBlank = line.isAtEnd || line.isAtBreak
            guard isBlank || line.column == indentation else { break }
            self = line
            if !isBlank {
                let isFoldable = header.isFolded && !isAtBlank
                text += isFoldable && isAfterFoldable ? Self.fold(breaks) : Self.lineFeeds(breaks)
                skipLine()
                text += try printable(line.index..<index)
                isAfterFoldable = isFoldable
                breaks = 0
            }
            if skipBreak() { breaks += 1 }
        }
        switch header.chomping {
        case .strip: break
        case .clip: text += Self.lineFeeds(text.isEmpty ? 0 : min(breaks, 1))
        case .keep: text += Self.lineFeeds(breaks)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
