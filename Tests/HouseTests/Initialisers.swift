/// The initialisers of structs, as far as text tells: the explicit ones, or the memberwise one where there is none.
enum Initialisers {
    struct Found {
        let type: String
        /// How many labels have no default.
        let needed: Int
    }

    static func all(in file: SourceTree.File) -> [Found] {
        var found: [Found] = []
        let lines = file.codeLines.map(String.init)
        for (index, line) in lines.enumerated() {
            guard let match = line.firstMatch(of: #/^(\s*)(?:[a-z]+ )*struct (\w+)/#) else { continue }
            let indent = String(match.1)
            let body = lines[(index + 1)...].prefix { $0 != indent + "}" }.filter { own($0, indent) }
            let explicit = explicit(in: lines[(index + 1)...].prefix { $0 != indent + "}" }, indent)
            let members = body.count { isNeeded($0) }
            found += (explicit.isEmpty ? [members] : explicit).map { Found(type: String(match.2), needed: $0) }
        }
        return found
    }

    /// Whether a line is a member's, and not of something inside.
    private static func own(_ line: String, _ indent: String) -> Bool {
        line.hasPrefix(indent + "    ") && !line.dropFirst(indent.count + 4).hasPrefix(" ")
    }

    private static func isNeeded(_ line: String) -> Bool {
        guard let match = line.firstMatch(of: #/^\s*(?:[a-z]+(?:\(set\))? )*(let|var) \w+: ([^={]+)$/#) else {
            return false
        }
        return match.1 == "let" || !match.2.hasSuffix("?")
    }

    private static func explicit(in body: ArraySlice<String>, _ indent: String) -> [Int] {
        body.indices.compactMap { index in
            guard own(body[index], indent), body[index].contains(#/\binit[?]?(<.*>)?\(/#) else { return nil }
            let text = body[index...].joined(separator: " ")
            guard let open = text.firstIndex(of: "(") else { return nil }
            return parameters(of: text[text.index(after: open)...]).count { $0.contains(":") && !$0.contains("=") }
        }
    }

    /// What is between commas, up to the bracket that closes.
    private static func parameters(of text: Substring) -> [String] {
        var depth = 0
        var parts = [""]
        for character in text {
            switch character {
            case ")" where depth == 0: return parts
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "," where depth == 0:
                parts.append("")
                continue
            default: break
            }
            parts[parts.count - 1].append(character)
        }
        return parts
    }
}
