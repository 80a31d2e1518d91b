import ArgumentParser

/// Which ledger a command is about.
struct LedgerOptions: ParsableArguments {
    @Argument(
        help: "The manifest beside which the ledger is.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String?

    @Option(help: LedgerPlace.help)
    var ledger: String?

    /// Only where the manifest is counts, and not what it says.
    var path: String { LedgerPlace.path(manifest: manifest, ledger: ledger) ?? "" }

    func validate() throws {
        if path.isEmpty { throw ValidationError("Name a manifest, or a ledger with --ledger.") }
    }
}
