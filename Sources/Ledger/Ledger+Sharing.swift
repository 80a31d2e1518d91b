import Base
import JSON

/// A ledger that many machines share, and the locks of a run.
extension Ledger {
    /// Opens a ledger that many machines share, or makes it.
    ///
    /// - Parameters:
    ///   - path: of this machine's copy, next to which its own locks are.
    ///   - isMade: whether it is made where there is none.
    ///   - background: in which leases are renewed.
    /// - Returns: nil where there is none and none is made.
    public static func shared(
        _ store: any ObjectStore, copy path: String, isMade: Bool, hook: (any LedgerHook)? = nil,
        checkpointing interval: Int64 = sharedCheckpointing, background: any Background,
        entropy: @escaping @Sendable (Int) -> [UInt8]
    ) async throws(Failure) -> Ledger? {
        let sharing = Sharing(store: store, entropy: entropy, background: background)
        do {
            guard let log = try await SharedLedger(sharing, path: path).open(isMade: isMade) else { return nil }
            let ledger = Ledger(.file(path), log.identity, try log.open(isReplay: false), log, sharing, hook, interval)
            _ = try await ledger.look()
            return ledger
        } catch {
            throw LedgerFailure.ofCopy(error, path, store.url)
        }
    }

    /// Tries on a store whether it keeps the conditions that a shared ledger needs. Leaves small objects below `checks/`.
    ///
    /// - Throws: ``Failure`` with code `ledger-store-unfit` that names what the store has ignored.
    public static func check(
        _ store: any ObjectStore, entropy: @escaping @Sendable (Int) -> [UInt8]
    ) async throws(Failure) {
        try await StoreCheck(sharing: Sharing(store: store, entropy: entropy, background: Foreground())).run()
    }

    /// Brings a file up to date that has all entries of a shared ledger, for what reads entries.
    ///
    /// - Returns: whether the ledger exists.
    @discardableResult
    public static func copyWhole(
        of store: any ObjectStore, to path: String, entropy: @escaping @Sendable (Int) -> [UInt8]
    ) async throws(Failure) -> Bool {
        let sharing = Sharing(store: store, entropy: entropy, background: Foreground())
        let shared = SharedLedger(sharing, path: path)
        do {
            guard let log = try await shared.open(isMade: false, isWhole: true) else { return false }
            let (place, _) = try log.open(isReplay: false)
            _ = try await log.read(after: place) { _ in }
            return true
        } catch {
            throw LedgerFailure.ofCopy(error, path, store.url)
        }
    }

    /// Reads every object of a shared ledger, and makes a file of what verifies.
    ///
    /// - Returns: what does not verify; nil where all of it does.
    /// - Throws: ``Failure`` with code `ledger-unreadable` where there is no ledger.
    public static func salvage(
        of store: any ObjectStore, to path: String, entropy: @escaping @Sendable (Int) -> [UInt8]
    ) async throws(Failure) -> Failure? {
        LedgerSite.remove(path)
        let sharing = Sharing(store: store, entropy: entropy, background: Foreground())
        guard let log = try await SharedLedger(sharing, path: path).open(isMade: false, isWhole: true) else {
            throw LedgerFailure.missing(store.url)
        }
        return try await log.salvage()
    }

    /// Does something while the locks of a run are held, and what others appended before they gave them back is known. Whatever
    /// it calls and appends asks ``LockProof/current`` first.
    ///
    /// - Parameters:
    ///   - holder: who takes them, for the message to the run that comes second.
    ///   - body: gets whether another run held one of them at first: what was seen before is old.
    /// - Throws: ``Failure`` with code `environment-locked` that names the holder, or that of what is done.
    public nonisolated func holding<Result>(
        _ locks: RunLocks.Request, holder: JSON, clock: EngineClock,
        _ body: (_ hasWaited: Bool) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let held = try await RunLocks.take(locks, beside: store, sharing: sharing, holder: holder, clock: clock)
        await expectNews()
        let (proof, hasWaited) = (held.proof, held.hasWaited)
        let result: Result
        do {
            result = try await proof.during { () async throws(Failure) in try await body(hasWaited) }
        } catch {
            await held.release()
            throw error
        }
        await held.release()
        return result
    }

    /// Each append repeats the entries since the last checkpoint.
    public static let sharedCheckpointing: Int64 = 32
}
