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
