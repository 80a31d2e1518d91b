import ArgumentParser
import Base
import Ledger

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Verify, export, rebuild or copy a ledger.",
        subcommands: [
            LedgerVerifyCommand.self, LedgerExportCommand.self, LedgerRebuildCommand.self, LedgerCopyCommand.self,
        ])
}

struct LedgerVerifyCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every entry, checkpoint and page. Changes nothing.",
        discussion: "If something was changed or is damaged, exits with 74 and says where.")

    @OptionGroup var options: LedgerOptions

    @OptionGroup var time: TimeLimit

    var timeLimit: Duration? { time.timeout }

    func run() async throws {
        try await LedgerFailures.reading(options, isChecked: true) { (reader, name) throws(Failure) in
            Terminal.write(LedgerText.report(try reader.verify(), of: reader, name), to: .out)
        }
    }
}

struct LedgerExportCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print all entries as JSON, one on each line. Changes nothing.",
        discussion: """
            The first line has the ledger's lineage and format. If the ledger is damaged, prints the entries that verify, \
            then exits with 74 and says where the damage is.
            """)

    @OptionGroup var options: LedgerOptions

    @OptionGroup var time: TimeLimit

    var timeLimit: Duration? { time.timeout }

    func run() async throws {
        try await LedgerFailures.reading(options) { (reader, _) throws(Failure) in
            Terminal.write(TerminalText(json: LedgerText.meta(reader)), to: .out)
            try reader.entries { Terminal.write(TerminalText(json: LedgerText.export($0, digest: $1)), to: .out) }
        }
    }
}
