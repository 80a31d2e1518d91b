import Foundation
import JSON
import Support
import Testing

/// What the pages say of the command line is what the program says.
@Suite("Documentation")
struct DocumentationTests {
    @Test("docs/reference.md has every command and every option")
    func reference() async throws {
        let head = """
            # Reference of the command line

            Made from the program itself, as `reconcile help COMMAND` shows it. [Commands](commands.md) explains them.

            """
        let text = try await head + CommandReference.ofProgram().page
        #expect(
            try Golden.holds(text, "docs/reference.md"),
            "renew it: RECONCILE_UPDATE_GOLDEN=1 swift test --filter DocumentationTests")
    }

    @Test("every command in README.md, docs and the workflows exists, with each of its options")
    func commands() async throws {
        let reference = try await CommandReference.ofProgram()
        var found = 0
        for (page, line) in try Self.commands() {
            var words = line.split(separator: " ").map(String.init)
            // What is passed on to another command is that one's.
            if let end = words.firstIndex(of: "--") { words = Array(words[..<end]) }
            guard let command = reference.commands.first(where: { Self.begins(words, with: $0.name) }) else {
                let isGeneral = ["help", "--help", "--version", "COMMAND"].contains(words.first ?? "")
                #expect(isGeneral, "\(page): there is no command in: reconcile \(line)")
                continue
            }
            found += 1
            for word in words where word.hasPrefix("-") && word != "-" {
                let name = String(
                    word.prefix { !"=|".contains($0) }.trimmingCharacters(in: .punctuationCharacters.subtracting(["-"]))
                )
                #expect(command.has(name), "\(page): \(command.name) has no \(name): reconcile \(line)")
            }
        }
        #expect(found > 100)
    }

    private static func begins(_ words: [String], with name: String) -> Bool {
        words.prefix(name.split(separator: " ").count).joined(separator: " ") == name
    }

    /// Each `reconcile …` of a code block or a code span, without what a shell does around it.
    private static func commands() throws -> [(page: String, line: String)] {
        var pages = ["README.md", "action.yml"]
        for folder in ["docs", "docs/ci"] {
            let names = try FileManager.default.contentsOfDirectory(atPath: Project.root + "/" + folder)
            let kinds = [".md", ".yml", ".service"]
            pages += names.filter { name in kinds.contains { name.hasSuffix($0) } }.sorted().map { "\(folder)/\($0)" }
        }
        var commands: [(String, String)] = []
        for page in pages {
            let text = try String(contentsOfFile: Project.root + "/" + page, encoding: .utf8)
            for line in text.split(separator: "\n") {
                let isCode = line.hasPrefix("    ") || line.hasPrefix("$ ")
                let spans = line.matches(of: #/`(?:[^`]*[ /])?reconcile ([a-z][^`]*)`/#).map { String($0.1) }
                let block =
                    isCode
                    ? line.firstMatch(of: #/^ *(?:\$ |- run: |run: )?reconcile ([a-z].*)$/#).map { String($0.1) } : nil
                for command in spans + [block].compactMap(\.self) {
                    let end = command.firstMatch(of: #/ [|>#&;…]|;|…/#)?.range.lowerBound ?? command.endIndex
                    commands.append((page, String(command[..<end])))
                }
            }
        }
        return commands
    }
}
