import ArgumentParser
import Base

/// Which ledger a command is about.
struct LedgerOptions: ParsableArguments {
    @Argument(
        help: "The manifest that the ledger is next to.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String?

    @Option(help: LedgerPlace.help)
    var ledger: String?

    /// Only where the manifest is counts, and not what it says.
    var path: String { LedgerPlace.path(manifest: manifest, ledger: ledger) ?? "" }

    /// - Throws: ``Failure`` with code `settings-missing` for a name that is not a path, `manifest-unreadable` for a manifest
    ///   that does not exist: its ledger would be next to it.
    func check() throws(Failure) {
        try LedgerPlace.check(ledger)
        if let manifest, ledger == nil, !Files.exists(manifest) { throw Files.unreadable(manifest) }
    }

    func validate() throws {
        if path.isEmpty { throw ValidationError("Name a manifest, or a ledger with --ledger.") }
    }
}
