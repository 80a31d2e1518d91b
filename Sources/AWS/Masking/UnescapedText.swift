/// A text without its escapes, and where each of its bytes was.
///
/// Which characters are escaped, and how, differs from one library to the next: what a text says is compared, and not each way
/// of writing it.
struct UnescapedText {
    private(set) var bytes: [UInt8] = []
    private var places: [Range<Int>] = []

    /// nil where there are no such escapes.
    init?(_ text: [UInt8], _ escapes: Escapes) {
        var index = 0
        var hasEscapes = false
        while index < text.count {
            if let (plain, length) = escapes.escape(in: text, at: index) {
                hasEscapes = true
                bytes += plain
                for _ in plain { places.append(index..<index + length) }
                index += length
            } else {
                bytes.append(text[index])
                places.append(index..<index + 1)
                index += 1
            }
        }
        if !hasEscapes { return nil }
    }

    /// Where a part of it was in the text.
    func source(of part: Range<Int>) -> Range<Int> {
        places[part.lowerBound].lowerBound..<places[part.upperBound - 1].upperBound
    }
}
