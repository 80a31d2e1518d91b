/// Words of a command line as one types them into a POSIX shell.
public enum ShellWord {
    /// The word, in quotes if a shell would read it as anything else.
    public static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`;&|<>(){}*?[]#~!".utf8.contains($0) }
        if isPlain, !word.isEmpty { return word }
        // By scalars: a quote that combines with the mark after it is another character, and still a quote to the shell.
        return "'" + word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
    }

    /// A whole command.
    public static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}

/// A text as a message quotes it: on one line, of a bearable length, and without anything that a terminal obeys or hides.
public func quoted(_ text: String) -> String {
    let longest = 80
    let shown = text.unicodeScalars.prefix(longest).map { scalar in
        switch scalar {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\"": "\\\""
        case " ": " "
        case _ where isVisible(scalar): String(scalar)
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
    return "\"\(shown.joined())\(text.unicodeScalars.count > longest ? "…" : "")\""
}

private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
        false
    default: true
    }
}
