import ArgumentParser
import Resources

/// Where a manifest's ledger is.
enum LedgerPlace {
    enum Mode {
        /// Made where there is none.
        case writing
        /// Where there is none, an empty one that leaves no file: looking changes nothing.
        case reading
    }

    static func path(manifest: String, ledger: String?, mode: Mode) -> String {
        let path = path(manifest: manifest, ledger: ledger) ?? ":memory:"
        return mode == .reading && !Files.exists(path) ? ":memory:" : path
    }

    /// nil where neither a manifest nor a ledger is named, by whatever means.
    ///
    /// What a link leads to, so that locks and all that SQLite keeps beside a ledger are at one place, whatever its name.
    static func path(manifest: String?, ledger: String?) -> String? {
        named(manifest: manifest, ledger: ledger).map(Files.followed)
    }

    private static func named(manifest: String?, ledger: String?) -> String? {
        if let ledger { return ledger }
        if let named = Machine.environment["RECONCILE_LEDGER"], !named.isEmpty { return named }
        return manifest.map { ManifestLoader.path(of: ".reconcile/ledger.sqlite", beside: $0) }
    }

    static let help = ArgumentHelp(
        "The ledger (default: .reconcile/ledger.sqlite beside the manifest; also RECONCILE_LEDGER).",
        valueName: "path")
}
