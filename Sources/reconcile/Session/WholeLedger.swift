import AWS
import Base
import Ledger
import Manifest
import Reconciler
import Resources

/// The file in which all entries of a ledger can be read: the ledger's own, or this machine's whole copy of one in S3.
enum WholeLedger {
    /// - Returns: where to read; for one in S3 after what is new there was copied.
    ///   nil where the bucket has no ledger.
    static func path(ifThere ledger: FoundLedger) async throws(Failure) -> String? {
        switch ledger.place {
        case .file(let path): return path
        case .bucket(let bucket):
            let path = bucket.copy("whole")
            let isThere = try await Ledger.copyWhole(
                of: try store(bucket, of: ledger), to: path, entropy: Machine.randomBytes)
            return isThere ? path : nil
        }
    }

    /// The same.
    ///
    /// - Throws: ``Failure``; with code `ledger-unreadable` where the bucket has no ledger.
    static func path(_ ledger: FoundLedger) async throws(Failure) -> String {
        if let path = try await path(ifThere: ledger) { return path }
        throw missing(ledger.place.name)
    }

    /// The same of one of which every object was read, whatever this machine has.
    ///
    /// - Throws: ``Failure``; with code `ledger-damaged` where one does not verify.
    static func checkedPath(_ ledger: FoundLedger) async throws(Failure) -> String {
        guard case .bucket(let bucket) = ledger.place else { return try await path(ledger) }
        let path = bucket.copy("verified")
        let damage = try await Ledger.salvage(
            of: try store(bucket, of: ledger), to: path, entropy: Machine.randomBytes)
        if let damage { throw damage }
        return path
    }

    private static func missing(_ url: String) -> Failure {
        Failure(
            .ledgerUnreadable, "there is no ledger at \(url)",
            hint: "check the address with --ledger; the first apply makes a ledger")
    }

    /// - Parameter ledger: the region and the credentials for it.
    static func store(_ place: BucketAddress, of ledger: FoundLedger) throws(Failure) -> BucketStore {
        let settings: Settings
        do {
            settings = try SettingsLoader(
                environment: Machine.environment, options: .init(), files: ledger.credentials.files
            ).load(manifestRegion: ledger.region)
        } catch {
            throw Failure(.settingsMissing, error.message, hint: error.hint)
        }
        let connections = Connections(certificateBundle: settings.certificateBundle)
        let keys = connections.credentials(ledger.credentials, settings)
        return .of(place, connections.caller(settings.with(keys)), patience: .quiet)
    }
}
