import ArgumentParser
import Base
import Ledger
import Manifest
import Resources

/// Where a manifest's ledger is.
enum LedgerPlace {
    enum Mode {
        /// Made where there is none.
        case writing
        /// Where there is none, an empty one that leaves no file: looking changes nothing.
        case reading
    }

    static func store(manifest: String, ledger: String?, mode: Mode) -> LedgerLocation {
        guard let path = path(manifest: manifest, ledger: ledger) else { return .memory }
        return mode == .reading && Files.isVacant(path) ? .memory : .file(path)
    }

    /// Refuses a name that is not a file's path, before anything is read or made.
    ///
    /// - Throws: ``Failure`` with code `settings-missing`.
    static func check(_ ledger: String?) throws(Failure) {
        guard let name = named(manifest: nil, ledger: ledger) else { return }
        let source = ledger == nil ? "RECONCILE_LEDGER" : "--ledger"
        func refused(_ why: String) -> Failure {
            Failure(
                .settingsMissing, "\(source) \(name): \(why)",
                hint:
                    "name a file or s3://BUCKET/PREFIX, such as \(source == "--ledger" ? "--ledger " : "RECONCILE_LEDGER=")"
                    + ".reconcile/ledger.sqlite")
        }
        if name.isEmpty { throw refused("an empty name is not a path") }
        if let place = BucketPlace(name) {
            if let problem = place.problem { throw refused(problem) }
            return
        }
        if let range = name.firstRange(of: "://"), name[..<range.lowerBound].allSatisfy(isOfScheme) {
            throw refused("ledgers of the kind \(name[..<range.upperBound]) are not supported")
        }
        if name.hasPrefix(":") || name.lowercased().hasPrefix("file:") {
            throw refused("SQLite gives this name a meaning of its own")
        }
        if let end = ["-wal", "-shm", "-journal"].first(where: name.hasSuffix) {
            throw refused("files that end with \(end) are SQLite's own, and are removed by it")
        }
    }

    private static func isOfScheme(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "+.-".contains(character))
    }

    /// nil where neither a manifest nor a ledger is named, by whatever means.
    ///
    /// What a link leads to, so that locks and all that SQLite keeps next to a ledger are at one place, whatever its name.
    static func path(manifest: String?, ledger: String?) -> String? {
        named(manifest: manifest, ledger: ledger).map { BucketPlace($0)?.url ?? Files.followed($0) }
    }

    private static func named(manifest: String?, ledger: String?) -> String? {
        if let ledger { return ledger }
        if let named = Machine.environment["RECONCILE_LEDGER"], !named.isEmpty { return named }
        return manifest.map { ManifestLoader.path(of: ".reconcile/ledger.sqlite", beside: $0) }
    }

    static let help = ArgumentHelp(
        "The ledger (default: .reconcile/ledger.sqlite next to the manifest; also RECONCILE_LEDGER).",
        valueName: "path")
}
