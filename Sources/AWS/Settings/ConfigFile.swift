/// The shared config and credentials files of the AWS SDKs: sections of `key = value` lines
/// (AWS SDKs and Tools Reference Guide, "Shared config and credentials files").
struct ConfigFile: Sendable {
    private var sections: [String: [String: String]] = [:]

    /// Reads what can be read: lines that are neither section, pair nor comment are skipped, as the SDKs do.
    init(_ text: String) {
        var section: String?
        var parent: String?
        // Python's parser, which the AWS command line uses, takes both signs.
        let signs: Set<Character> = ["=", ":"]
        for line in text.drop(while: { $0 == "\u{FEFF}" }).split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("["), let close = trimmed.firstIndex(of: "]") {
                section = Self.normalise(trimmed[trimmed.index(after: trimmed.startIndex)..<close])
                parent = nil
            } else if let section, let equals = trimmed.firstIndex(where: signs.contains) {
                let key = trimmed[..<equals].trimmed.lowercased()
                let value = trimmed[trimmed.index(after: equals)...].trimmed
                // An indented pair belongs to the pair above it, as in `s3 =` or `ecs =` of a services section.
                let isNested = line.first.map { $0 == " " || $0 == "\t" } ?? false
                if isNested, let parent {
                    sections[section, default: [:]]["\(parent).\(key)"] = value
                } else {
                    sections[section, default: [:]][key] = value
                    parent = value.isEmpty ? key : nil
                }
            }
        }
    }

    func value(_ key: String, in section: String) -> String? {
        sections[section]?[key].flatMap { $0.isEmpty ? nil : $0 }
    }

    func has(section: String) -> Bool { sections[section] != nil }

    /// A name may be in quotes: `[profile "release"]`.
    private static func normalise(_ name: Substring) -> String {
        name.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing(/"([^"]*)"|'([^']*)'/) {
            $0.output.1 ?? $0.output.2 ?? ""
        }
    }
}

extension StringProtocol {
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
