import Testing

/// Which way modules may depend: the picture of docs/architecture.md, enforced.
@Suite("Layering")
struct LayeringTests {
    /// For each target, the modules that it may import next to the standard library's.
    static let allowed: [String: Set<String>] = [
        "JSON": [],
        "Time": [],
        "YAML": ["JSON"],
        "Hashing": ["CCrypto"],
        "SQLite": ["CSQLite"],
        "AWS": ["CCurl", "Hashing", "JSON", "Time", "Glibc", "Synchronization"],
        "Base": ["JSON", "Time"],
        "Ledger": ["Base", "Hashing", "JSON", "SQLite", "Time", "Glibc", "Synchronization"],
        "Reconciler": ["Base", "Hashing", "JSON", "Ledger", "SQLite", "Time", "Glibc", "Synchronization"],
        "Manifest": ["Base", "Hashing", "JSON", "YAML", "Synchronization"],
        "Resources": ["AWS", "Base", "Hashing", "JSON", "Ledger", "Manifest", "Reconciler", "Time"],
        "Sandbox": [
            "AWS", "Hashing", "JSON", "Time", "FlyingSocks", "Subprocess", "SystemPackage", "Glibc", "Synchronization",
            "FoundationEssentials",
        ],
        "Simulation": [
            "AWS", "Base", "Hashing", "JSON", "Ledger", "Manifest", "Reconciler", "Resources", "SQLite", "Sandbox",
            "Time",
            "Synchronization",
            "FoundationEssentials",
        ],
        "simulate": ["Simulation", "ArgumentParser", "FoundationEssentials", "Glibc"],
        "reconcile": [
            "AWS", "Base", "Hashing", "JSON", "Ledger", "Manifest", "Reconciler", "Resources", "Time", "ArgumentParser",
            "Dispatch",
            "Glibc", "Synchronization",
        ],
        "reconcile-sandbox": ["AWS", "JSON", "Sandbox", "ArgumentParser", "Dispatch", "Glibc"],
    ]

    @Test("no target imports what it must not")
    func imports() {
        for file in SourceTree.sources {
            let forbidden = Set(file.imports).subtracting(Self.allowed[file.target] ?? [])
            #expect(forbidden.isEmpty, "\(file.path) imports \(forbidden.sorted())")
        }
    }

    @Test("each system library has one door")
    func doors() {
        let doors = ["CSQLite": "Sources/SQLite/", "CCrypto": "Sources/Hashing/", "CCurl": "Sources/AWS/Curl/"]
        for file in SourceTree.sources {
            for (module, door) in doors where file.imports.contains(module) {
                #expect(file.path.hasPrefix(door), "\(file.path) imports \(module)")
            }
        }
    }

    @Test("the sandbox's model is pure: it imports no I/O")
    func model() {
        for file in SourceTree.sources where file.path.hasPrefix("Sources/Sandbox/Model/") {
            let forbidden = Set(file.imports).subtracting(["JSON", "Hashing", "Time"])
            #expect(forbidden.isEmpty, "\(file.path) imports \(forbidden.sorted())")
        }
    }

    @Test("no two files of a target need each other")
    func circles() {
        let circles = FileGraph(SourceTree.sources).circles
        #expect(circles.isEmpty, "\(circles.map { $0.joined(separator: " <-> ") })")
    }

    /// The model's folders are chapters of one text.
    static let isOneText = "Sources/Sandbox/Model"

    @Test("no two folders of a target use each other")
    func folders() {
        let pairs = FileGraph(SourceTree.sources).mutualFolders.filter { pair in
            !pair.allSatisfy { $0.hasPrefix(Self.isOneText) }
        }
        #expect(pairs.isEmpty, "\(pairs.map { $0.joined(separator: " <-> ") })")
    }

    @Test("the check of imports sees imports, on whatever line they stand")
    func importsAreSeen() {
        let file = SourceTree.File(
            path: "Sources/X/A.swift", text: "",
            code: "import A\n@testable import B\npublic import struct C.D\nlet x = 1\n")
        #expect(file.imports == ["A", "B", "C"])
        #expect(
            Set(SourceTree.sources.flatMap(\.imports)).isSuperset(of: ["ArgumentParser", "CCurl", "JSON", "Glibc"]))
    }

    @Test("the check of circles sees a circle")
    func canary() {
        let files = [
            SourceTree.File(path: "Sources/X/A.swift", text: "", code: "import X\n\nstruct A {\n    let b: B\n}\n"),
            SourceTree.File(path: "Sources/X/B.swift", text: "", code: "import X\n\nstruct B { func a() { A.b() } }"),
            SourceTree.File(path: "Sources/X/C.swift", text: "", code: "struct C { let a: A }"),
        ]
        #expect(FileGraph(files).circles == [["Sources/X/A.swift", "Sources/X/B.swift"]])
        let apart = [
            SourceTree.File(path: "Sources/X/One/A.swift", text: "", code: "struct A { let c: C }"),
            SourceTree.File(path: "Sources/X/One/B.swift", text: "", code: "struct B {}"),
            SourceTree.File(path: "Sources/X/Two/C.swift", text: "", code: "struct C { let b: B }"),
        ]
        #expect(
            FileGraph(apart).circles.isEmpty && FileGraph(apart).mutualFolders == [["Sources/X/One", "Sources/X/Two"]])
    }
}
