import Foundation

/// The project's own Swift files, read as text.
struct SourceTree {
    struct File {
        /// From the repository's root, such as `Sources/AWS/ECS/ECSClient.swift`.
        let path: String
        let text: String
        /// Without comments, and with empty strings for string literals.
        let code: String

        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }

        /// The modules that it imports.
        var imports: [String] {
            // Of a substring a regular expression's `^` is the start of the whole text: each line becomes a text of its own.
            codeLines.map(String.init).compactMap { line in
                line.firstMatch(
                    of: #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public |internal |private )?import (?:\w+ )?(\w+)/#
                )
                .map { String($0.1) }
            }
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let sources = files(below: "Sources")
    static let tests = files(below: "Tests")

    private static func files(below folder: String) -> [File] {
        let base = root.appendingPathComponent(folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            guard let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8) else {
                return nil
            }
            return File(path: "\(folder)/\(name)", text: text, code: strip(text))
        }
    }

    /// Comments become spaces and literals become empty, line by line, so that numbers of lines stay true.
    private static func strip(_ text: String) -> String {
        var out = ""
        var isInBlock = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains("\"\"\"") {
                isInBlock.toggle()
                out += "\n"
                continue
            }
            if isInBlock {
                out += "\n"
                continue
            }
            let unquoted = line.replacing(#/#?"(?:\\.|[^"\\])*"#?/#, with: "\"\"")
            out += unquoted.replacing(#/\/\/.*/#, with: "") + "\n"
        }
        return out
    }
}
