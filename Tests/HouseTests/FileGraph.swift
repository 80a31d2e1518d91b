/// Which file uses which. A file defines the types and free functions at its top level and uses every such name that
/// stands in it.
struct FileGraph {
    private let arrows: [String: [String]]

    init(_ files: [SourceTree.File]) {
        var owners: [String: Set<String>] = [:]
        for file in files {
            for name in Self.definitions(in: file) { owners["\(file.target).\(name)", default: []].insert(file.path) }
        }
        var arrows: [String: [String]] = [:]
        for file in files {
            // No `\b`: to Unicode `Service.kind` is one word.
            let names = Set(file.code.matches(of: #/[A-Za-z_]\w*/#).map { String($0.0) })
            let used = names.compactMap { owners["\(file.target).\($0)"] }.filter { $0.count == 1 }
            arrows[file.path] = Set(used.joined()).subtracting([file.path]).sorted()
        }
        self.arrows = arrows
    }

    private static func definitions(in file: SourceTree.File) -> [String] {
        let declaration =
            #/^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|final|indirect|nonisolated)\s+)*(?:struct|class|enum|protocol|actor|typealias|func)\s+([A-Za-z_]\w*)/#
        return file.codeLines.map(String.init).compactMap { $0.firstMatch(of: declaration).map { String($0.1) } }
    }

    /// Pairs of folders that use each other, both ways.
    var mutualFolders: [[String]] {
        func folder(_ path: String) -> String { path.split(separator: "/").dropLast().joined(separator: "/") }
        var pairs: Set<[String]> = []
        for (file, others) in arrows {
            for other in others where folder(other) != folder(file) { pairs.insert([folder(file), folder(other)]) }
        }
        return pairs.filter { $0[0] < $0[1] && pairs.contains($0.reversed()) }.sorted { $0.joined() < $1.joined() }
    }

    /// Groups of files that reach each other, each sorted.
    var circles: [[String]] {
        var reach: [String: Set<String>] = [:]
        for start in arrows.keys {
            var seen: Set<String> = []
            var open = arrows[start] ?? []
            while let next = open.popLast() {
                if seen.insert(next).inserted { open += arrows[next] ?? [] }
            }
            reach[start] = seen
        }
        var found: Set<[String]> = []
        for file in arrows.keys.sorted() where reach[file]?.contains(file) == true {
            let members = arrows.keys.filter { other in
                reach[file]?.contains(other) == true && reach[other]?.contains(file) == true
            }
            found.insert(members.sorted())
        }
        return found.sorted { $0.joined() < $1.joined() }
    }
}
