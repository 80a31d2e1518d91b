import Testing

/// House style as a failing test: sizes, and calls that would make a run depend on more than its inputs.
@Suite("Style")
struct StyleTests {
    @Test("files stay small", arguments: [("Sources", 300), ("Tests", 500)])
    func files(folder: String, limit: Int) {
        for file in folder == "Sources" ? SourceTree.sources : SourceTree.tests {
            #expect(file.lines.count - 1 <= limit, "\(file.path) has \(file.lines.count - 1) lines")
        }
    }

    @Test("no file is a crumb")
    func crumbs() {
        for file in SourceTree.sources {
            #expect(file.lines.count - 1 >= 15, "\(file.path) has \(file.lines.count - 1) lines: it joins its user")
        }
    }

    /// Rows that others define: entries of the ledger, requests and records of AWS.
    static let rows: Set = [
        "Entry", "Intent", "LogEntry", "MigrationOrder", "RunTaskRequest", "Origin", "ServiceRecord",
    ]

    @Test("no initialiser needs more than eight labels")
    func labels() {
        for file in SourceTree.sources {
            for initialiser in Initialisers.all(in: file) where !Self.rows.contains(initialiser.type) {
                #expect(
                    initialiser.needed <= 8, "\(file.path): \(initialiser.type) needs \(initialiser.needed) labels")
            }
        }
    }

    @Test("the check of initialisers counts what has no default")
    func initialisers() {
        let code = """
            struct A {
                let a: Int
                var b: Int?
                var c = 1
                var d: Int { 1 }
            }
            public struct B {
                let x: (Int, Int)
                init(x: (Int, Int), y: [Int: String], z: Int = 1, _ body: (Int, Int) -> Void) {}
            }
            """
        let file = SourceTree.File(path: "Sources/X/A.swift", text: code, code: code)
        #expect(Initialisers.all(in: file).map(\.type) == ["A", "B"])
        #expect(Initialisers.all(in: file).map(\.needed) == [1, 3])
    }

    @Test("the median file is at most 120 lines")
    func median() {
        let counts = SourceTree.sources.map(\.lines.count).sorted()
        #expect(counts[counts.count / 2] <= 120)
    }

    @Test("every source file that the architecture document names is there")
    func named() throws {
        let document = try String(
            contentsOf: SourceTree.root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
        let paths = Set(SourceTree.sources.map(\.path))
        let named = document.matches(of: #/`([A-Za-z]+(?:/[A-Za-z+]+)+\.swift)`/#).map { String($0.1) }
        #expect(named.count >= 26)
        for name in named where !name.hasPrefix("Tests/") {
            #expect(paths.contains(name) || paths.contains("Sources/" + name), "\(name)")
        }
    }

    @Test("functions stay below 60 lines")
    func functions() {
        for file in SourceTree.sources {
            for function in Self.functions(in: file) {
                #expect(function.length <= 60, "\(file.path):\(function.line) has \(function.length) lines")
            }
        }
    }

    /// Calls banned in the engine and the resources: time, chance, waiting, printing and swallowed errors come in from
    /// outside or not at all.
    static let banned = [
        "Date(", "UUID(", "Task.sleep", "try?", "try!", "print(", "ContinuousClock", "SuspendingClock",
        "SystemRandomNumberGenerator", ".random(", "Task {", "Task.detached", "getenv", "ProcessInfo", "as!",
    ]

    @Test("the engine and the resources depend on their inputs alone", arguments: banned)
    func calls(banned: String) {
        for file in SourceTree.sources
        where ["Base", "Ledger", "Reconciler", "Manifest", "Resources"].contains(file.target) {
            for (index, line) in file.codeLines.enumerated() {
                #expect(!Self.calls(banned, in: line), "\(file.path):\(index + 1) has \(banned)")
            }
        }
    }

    /// Whether a line has the words, and not as the end of a longer name.
    static func calls(_ banned: String, in line: Substring) -> Bool {
        line.ranges(of: banned).contains { range in
            range.lowerBound == line.startIndex
                || !(line[line.index(before: range.lowerBound)].isLetter || banned.hasPrefix("."))
        }
    }

    @Test("the check of banned calls sees one, and no more than one")
    func canary() {
        #expect(Self.calls("try?", in: "let x = try? y()"))
        #expect(Self.calls("print(", in: "print(1)"))
        #expect(!Self.calls("print(", in: "fingerprint(1)"))
        #expect(!Self.calls("try?", in: "let entry: Entry?"))
    }

    @Test("nothing is forced anywhere", arguments: ["try!", "as!", "fatalError("])
    func forced(banned: String) {
        for file in SourceTree.sources {
            #expect(!file.code.contains(banned), "\(file.path) has \(banned)")
        }
    }

    @Test(
        "an exception from the checks of Sendable says why", arguments: ["@unchecked Sendable", "nonisolated(unsafe)"])
    func exceptions(marker: String) {
        for file in SourceTree.sources {
            for (index, line) in file.codeLines.enumerated() where line.contains(marker) {
                let above = file.lines[max(0, index - 4)..<index].joined(separator: "\n")
                #expect(above.contains("//"), "\(file.path):\(index + 1) gives no reason for \(marker)")
            }
        }
    }

    @Test("public declarations of the engine are documented")
    func documentation() {
        for file in SourceTree.sources
        where ["Base", "Ledger", "Reconciler", "AWS", "SQLite", "Hashing"].contains(file.target) {
            for (index, line) in file.lines.enumerated() {
                let isType =
                    String(line).firstMatch(of: #/^public (?:final )?(?:struct|class|enum|actor|protocol) /#) != nil
                guard isType, index > 0 else { continue }
                let above = file.lines[index - 1]
                #expect(above.hasPrefix("///") || above.hasPrefix("@"), "\(file.path):\(index + 1) is not documented")
            }
        }
    }

    private static func functions(in file: SourceTree.File) -> [(line: Int, length: Int)] {
        var found: [(line: Int, length: Int)] = []
        for (index, line) in file.codeLines.enumerated() {
            guard let match = String(line).firstMatch(of: #/^(\s*)(?:[\w@()]+ )*(?:func |init[?(<])/#) else { continue }
            // One that is whole in its line has no end below.
            if line.hasSuffix("}") { continue }
            let indent = match.1
            let end = file.codeLines[(index + 1)...].firstIndex {
                $0.hasPrefix(indent + "}") && $0.dropFirst(indent.count + 1).allSatisfy { $0 == " " }
            }
            // A requirement of a protocol has no body, and so the next closing brace is not its own.
            let hasBody = file.codeLines[index...].prefix(8).contains { $0.hasSuffix("{") }
            if let end, hasBody { found.append((index + 1, end - index + 1)) }
        }
        return found
    }
}
