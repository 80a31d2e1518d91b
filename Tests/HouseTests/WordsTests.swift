import Testing

/// Messages are read at night: they use the words of the field, and none that send a reader to a dictionary.
@Suite("Words")
struct WordsTests {
    static let banned = [
        "mend", "mends", "mended", "beside", "anew", "somebody", "nobody", "whoever", "told", "begun", "lest", "thus",
        "hence", "stand", "stands",
    ]

    @Test("no message has a word that is out of use", arguments: banned)
    func words(banned: String) throws {
        let word = try Regex("\\b\(banned)\\b(?!:)")
        for (place, text) in Self.messages where text.contains(word) {
            Issue.record("\(place) says \"\(banned)\": \(text)")
        }
    }

    @Test("no message says that a thing is no other thing: it is not one")
    func negations() {
        for (place, text) in Self.messages
        where text.contains(#/\b(is|are) no (?!longer)/#) && !text.contains(#/[Tt]here (is|are) no /#) {
            Issue.record("\(place): \(text)")
        }
    }

    /// The literals of the program, with their places. The simulation is for those who develop it.
    static let messages: [(place: String, text: String)] = SourceTree.sources
        .filter { !["Simulation", "simulate"].contains($0.target) }
        .flatMap { file in
            var isInBlock = false
            return file.lines.enumerated().flatMap { index, line -> [(place: String, text: String)] in
                let place = "\(file.path):\(index + 1)"
                if line.contains("\"\"\"") {
                    isInBlock.toggle()
                    return []
                }
                if isInBlock { return [(place, String(line))] }
                if line.contains(#/^\s*\/\//#) { return [] }
                return line.matches(of: #/"((?:\\.|[^"\\])*)"/#).map { (place, String($0.1)) }
            }
        }
}
