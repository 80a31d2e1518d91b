/// Where a manifest's ledger is.
enum LedgerPlace {
    enum Mode {
        /// Made where there is none.
        case writing
        /// Where there is none, an empty one that leaves no file: looking changes nothing.
        case reading
    }

    static func path(manifest: String, options: CommonOptions, mode: Mode) -> String {
        let folder = manifest.lastIndex(of: "/").map { String(manifest[...$0]) } ?? ""
        let path =
            options.ledger ?? Machine.environment["RECONCILE_LEDGER"].flatMap { $0.isEmpty ? nil : $0 }
            ?? folder + ".reconcile/ledger.sqlite"
        return mode == .reading && !Files.exists(path) ? ":memory:" : path
    }
}
