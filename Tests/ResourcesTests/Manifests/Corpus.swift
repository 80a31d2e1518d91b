import Foundation
import Support

/// Manifests in a file, each with its name and with what is said of it.
///
///     @@ case NAME
///     @@ with --image-tag v9
///     @@ file manifest.json
///     {…}
///     @@ says
///     manifest.json:1:1: …
///
/// The first file is the manifest. `«FF FE»` means bytes, `«5B*600»` for as many of them.
struct Corpus {
    struct Case: Sendable, CustomStringConvertible {
        let name: String
        var options: [String: String] = [:]
        var files: [(path: String, lines: [String])] = []
        var says: [String] = []

        var description: String { name }
        var manifest: String { files.first?.path ?? "" }

        /// The bytes of each file.
        var bytes: [String: [UInt8]] {
            Dictionary(uniqueKeysWithValues: files.map { ($0.path, Corpus.bytes($0.lines.joined(separator: "\n"))) })
        }
    }

    let path: String
    var cases: [Case]

    init(_ name: String) throws {
        path = "Tests/ResourcesTests/Cases/\(name).txt"
        let text = try String(contentsOfFile: Project.root + "/" + path, encoding: .utf8)
        cases = []
        var section = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("@@ ") {
                section = words[1]
                let rest = words.dropFirst(2).joined(separator: " ")
                switch section {
                case "case": cases.append(Case(name: rest))
                case "file": cases[cases.count - 1].files.append((rest, []))
                case "with":
                    for index in stride(from: 2, to: words.count, by: 2) {
                        cases[cases.count - 1].options[words[index]] = Corpus.text(words[index + 1])
                    }
                default: break
                }
            } else if section == "file" {
                let file = cases[cases.count - 1].files.count - 1
                cases[cases.count - 1].files[file].lines.append(line)
            } else if section == "says", !line.isEmpty {
                cases[cases.count - 1].says.append(line)
            }
        }
    }

    /// The corpus as its file has it, with what is said by now.
    var text: String {
        cases.map { example in
            let options = example.options.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.escaped($0.value))" }
            return "@@ case \(example.name)\n"
                + (options.isEmpty ? "" : "@@ with \(options.joined(separator: " "))\n")
                + example.files.map { "@@ file \($0.path)\n\($0.lines.joined(separator: "\n"))\n" }.joined()
                + "@@ says\n" + example.says.map { $0 + "\n" }.joined() + "\n"
        }.joined()
    }

    private static func text(_ text: String) -> String { String(decoding: bytes(text), as: UTF8.self) }

    private static func escaped(_ text: String) -> String {
        // What options repeat at length is digits of a digest.
        text.firstMatch(of: #/(.)\1{63,}$/#).map { match in
            text.prefix(text.count - match.0.count)
                + "«\(String(match.1.utf8.first ?? 0, radix: 16))*\(match.0.count)»"
        }.map(String.init) ?? text
    }

    private static func bytes(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "«"), let close = rest[open...].firstIndex(of: "»") {
            out += rest[..<open].utf8
            let parts = rest[rest.index(after: open)..<close].split(separator: "*")
            let bytes = parts[0].split(separator: " ").compactMap { UInt8($0, radix: 16) }
            for _ in 0..<(parts.count > 1 ? Int(parts[1]) ?? 1 : 1) { out += bytes }
            rest = rest[rest.index(after: close)...]
        }
        return out + rest.utf8
    }
}
