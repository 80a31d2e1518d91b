import ArgumentParser
import Base

/// Where a command that makes a document puts it: to standard output, which has nothing else then, or into a file, whose old
/// content is replaced whole.
struct DocumentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write it there, and not to standard output.", valueName: "file"))
    var out: String?

    /// - Throws: ``Failure`` with code `output-unwritable`.
    func write(_ document: String) throws(Failure) {
        if let out { return try Files.write(document, to: out, mode: 0o666) }
        Terminal.write(TerminalText(lines: document), to: .out)
    }
}
