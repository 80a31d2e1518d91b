/// What a text may be.
enum TextForm: Sendable {
    case free
    /// Not empty.
    case filled
    case letters(Letters)
    /// - Parameters:
    ///   - pattern: a regular expression for all of it, as JSON Schema takes it.
    ///   - most: characters.
    ///   - bound: the same in Markdown.
    case pattern(String, most: Int? = nil, bound: String)
}

/// ASCII letters, digits and some marks: what most names are made of.
struct Letters: Sendable {
    /// At most so many.
    let most: Int
    let marks: String

    func admit(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= most else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (marks.unicodeScalars.contains(scalar)
                    || scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        }
    }
}
