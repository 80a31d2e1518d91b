/// Words of a command line as one types them into a POSIX shell.
public enum ShellWord {
    /// The word, in quotes if a shell would read it as anything else.
    public static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`;&|<>(){}*?[]#~!".utf8.contains($0) }
        if isPlain, !word.isEmpty { return word }
        // By scalars: a quote that combines with the mark after it is another character, and still a quote to the shell.
        return "'" + word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
    }

    /// A whole command.
    public static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
