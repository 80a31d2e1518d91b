import ArgumentParser
import Reconciler

struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Look after a ledger: verify, export, rebuild.",
        subcommands: [LedgerVerifyCommand.self, LedgerExportCommand.self, LedgerRebuildCommand.self])
}

struct LedgerVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every entry, checkpoint and page. Changes nothing.",
        discussion: "Ends with 74 and the place where something is not what it was.")

    @OptionGroup var options: LedgerOptions

    func run() throws {
        try LedgerFailures.told { () throws(Failure) in
            try options.check()
            let reader = try LedgerReader(path: options.path)
            Terminal.write(LedgerText.report(try reader.verify(), of: reader), to: .out)
        }
    }
}

struct LedgerExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print all entries as JSON, one on each line. Changes nothing.",
        discussion: """
            The first line has the ledger's lineage and format. Of a damaged ledger the entries that verify are printed; \
            then it ends with 74 and the place of the damage.
            """)

    @OptionGroup var options: LedgerOptions

    func run() throws {
        try LedgerFailures.told { () throws(Failure) in
            try options.check()
            let reader = try LedgerReader(path: options.path)
            Terminal.write(TerminalText(json: LedgerText.meta(reader)), to: .out)
            try reader.entries { Terminal.write(TerminalText(json: LedgerText.export($0, digest: $1)), to: .out) }
        }
    }
}
