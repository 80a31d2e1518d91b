import ArgumentParser
import Base
import Hashing
import Ledger
import Manifest

/// Where a ledger is.
enum LedgerPlace: Sendable, Hashable {
    /// What a link leads to, so that locks and all that SQLite keeps next to a ledger are at one place, whatever its name.
    case file(String)
    case bucket(BucketAddress)

    enum Mode {
        /// Made where there is none.
        case writing
        /// Where there is none, an empty one that leaves no file: looking changes nothing.
        case reading
        /// An empty one that leaves no file, whatever there is: for what is no business of the ledger.
        case without
    }

    init(_ address: LedgerAddress) {
        switch address {
        case .file(let path): self = .file(Files.followed(path))
        case .bucket(let bucket): self = .bucket(bucket)
        }
    }

    /// As people and options name it.
    var name: String {
        switch self {
        case .file(let path): path
        case .bucket(let bucket): bucket.url
        }
    }

    /// The ledger of a manifest: `--ledger`, else what the manifest says, else RECONCILE_LEDGER, else next to the manifest.
    init(of manifest: Manifest, option: String?) throws(Failure) {
        self = try Self.found(option: option, declared: manifest.ledger, beside: manifest.path)
    }

    static func found(
        option: String?, declared: LedgerAddress?, beside manifest: String
    ) throws(Failure) -> LedgerPlace {
        if let named = try named(option) { return named }
        if let declared { return LedgerPlace(declared) }
        if let named = try ofEnvironment() { return named }
        return .file(Files.followed(ManifestLoader.path(of: ".reconcile/ledger.sqlite", beside: manifest)))
    }

    /// - Throws: ``Failure`` with code `settings-missing` for a name that is no ledger's.
    static func named(_ option: String?) throws(Failure) -> LedgerPlace? {
        guard let option else { return nil }
        return Self(try address(option, from: "--ledger", written: "--ledger "))
    }

    /// - Parameter argument: what it is given as.
    static func named(_ name: String, as argument: String) throws(Failure) -> LedgerPlace {
        Self(try address(name, from: argument, written: ""))
    }

    static func ofEnvironment() throws(Failure) -> LedgerPlace? {
        guard isNamedByEnvironment, let name = Machine.environment["RECONCILE_LEDGER"] else { return nil }
        return Self(try address(name, from: "RECONCILE_LEDGER", written: "RECONCILE_LEDGER="))
    }

    static var isNamedByEnvironment: Bool { Machine.environment["RECONCILE_LEDGER"].map { !$0.isEmpty } ?? false }

    /// Refuses a name that is no ledger's, before anything is read or made.
    static func check(_ option: String?) throws(Failure) {
        if try named(option) == nil { _ = try ofEnvironment() }
    }

    private static func address(
        _ name: String, from source: String, written: String
    ) throws(Failure) -> LedgerAddress {
        do { return try LedgerAddress(name) } catch {
            throw Failure(
                .settingsMissing, "\(source) \(name): \(error.reason)",
                hint: "\(LedgerAddress.advice), such as \(written).reconcile/ledger.sqlite")
        }
    }

    static let help = ArgumentHelp(
        """
        The ledger: a file or s3://BUCKET/PREFIX (default: the manifest's, else RECONCILE_LEDGER, else \
        .reconcile/ledger.sqlite next to the manifest).
        """,
        valueName: "ledger")
}

extension BucketAddress {
    /// This machine's copies of it, and its locks, are in a folder of their own.
    func copy(_ name: String) -> String {
        let folders = [Machine.environment["XDG_CACHE_HOME"], Machine.environment["HOME"].map { $0 + "/.cache" }]
        let folder = folders.compactMap(\.self).first { $0.hasPrefix("/") } ?? "/tmp"
        return "\(folder)/reconcile/ledgers/\(SHA256.hex(url).prefix(32))/\(name).sqlite"
    }
}
