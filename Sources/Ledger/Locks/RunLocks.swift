import Base
import Glibc
import Hashing
import JSON

/// The locks of a run, one for its environment and one for each database: held by the kernel for as long as the process
/// lives, so that none outlives its holder.
///
/// They work between runs that use the same ledger. With two ledgers, only the RunTask token prevents a second migration.
public struct RunLocks: ~Copyable {
    private let files: [Int32]
    /// What keeps the leases of a shared ledger; nil for one in a file.
    private let keeper: LeaseKeeper?
    private let background: (any Background)?
    /// Whether another run held one of them at first: what was seen before is old.
    public let hasWaited: Bool

    /// What is locked, such as `environment/checkout-prod`, and how long to wait for it.
    public struct Request: Sendable {
        public let names: [String]
        public let patience: Duration
        /// Gets one line for each lock that this run waits for. The line names the holder.
        public var waiting: @Sendable (String) -> Void = { _ in }

        public init(names: [String], patience: Duration) {
            self.names = names
            self.patience = patience
        }

        public static let none = Request(names: [], patience: .zero)
    }

    /// Takes all locks, in the same order in every process, or none.
    ///
    /// - Parameters:
    ///   - ledger: the locks stand next to it, or next to this machine's copy.
    ///   - sharing: of a shared ledger: the leases are in its store.
    ///   - holder: who takes them, for the message to the run that comes second.
    /// - Throws: ``Failure`` with code `environment-locked` that names the holder.
    static func take(
        _ request: Request, beside ledger: LedgerLocation, sharing: Sharing? = nil, holder: JSON,
        clock: EngineClock
    ) async throws(Failure) -> RunLocks {
        guard case .file(let ledger) = ledger else {
            return RunLocks(files: [], keeper: nil, background: nil, hasWaited: false)
        }
        mkdir(folder(beside: ledger), 0o700)
        let end = clock.elapsed() + min(request.patience, clock.remaining ?? request.patience)
        let names = request.names.sorted { $0.precedes($1) }
        var files: [Int32] = []
        var former: [String: JSON] = [:]
        var hasWaited = false
        var keeper: LeaseKeeper?
        do {
            for name in names {
                let taken = try await take(
                    name, path(of: name, beside: ledger), until: end, request.waiting, holder, clock)
                files.append(taken.file)
                former[name] = taken.former
                hasWaited = hasWaited || taken.hasWaited
            }
            if let sharing, !names.isEmpty {
                let site = LockSite.name(of: folder(beside: ledger), random: sharing.random)
                let new = LeaseKeeper(clock: clock)
                keeper = new
                let leases = names.map { name in
                    LeaseStore(
                        store: sharing.store, lock: name, holder: holder, site: site, former: former[name],
                        clock: clock,
                        nonce: sharing.random, waiting: request.waiting)
                }
                if try await take(leases, until: end, new, sharing.background) { hasWaited = true }
            }
        } catch {
            for file in files { close(file) }
            if let keeper, let sharing { await giveBack(keeper, sharing.background) }
            throw error
        }
        return RunLocks(files: files, keeper: keeper, background: sharing?.background, hasWaited: hasWaited)
    }

    /// Takes leases in order. It looks at all of them first: if a dead run held several, they expire at the same time.
    ///
    /// - Returns: whether someone else held one at first.
    private static func take(
        _ leases: [LeaseStore], until end: Duration, _ keeper: LeaseKeeper, _ background: any Background
    ) async throws(Failure) -> Bool {
        var seen: [LeaseStore.Observed] = []
        for lease in leases { seen.append(try await lease.look()) }
        var hasWaited = false
        for (lease, observed) in zip(leases, seen) {
            let (held, wasHeld) = try await lease.take(until: end, after: observed)
            await keeper.keep(held, in: lease, renewingIn: background)
            hasWaited = hasWaited || wasHeld
        }
        return hasWaited
    }

    /// By which a run that goes on can tell that they are still its own.
    public var proof: LockProof { LockProof(keeper: keeper) }

    /// Gives back what does not end with the process. Those of this machine end with this value.
    func release() async {
        if let keeper, let background { await Self.giveBack(keeper, background) }
    }

    private static func giveBack(_ keeper: LeaseKeeper, _ background: any Background) async {
        await background.finish { await keeper.release() }
    }

    private static func folder(beside ledger: String) -> String {
        (ledger.lastIndex(of: "/").map { String(ledger[...$0]) } ?? "") + "locks"
    }

    static func path(of name: String, beside ledger: String) -> String {
        "\(folder(beside: ledger))/\(SHA256.hex(name).prefix(32)).lock"
    }

    /// The name of the lock that every run of an environment takes, where it takes any.
    public static func name(ofEnvironment environment: String) -> String { "environment/\(environment)" }

    deinit {
        for file in files {
            // A child that is just being made has a copy of the descriptor: closing ours alone would not let go.
            flock(file, LOCK_UN)
            close(file)
        }
    }

    private static func take(
        _ name: String, _ path: String, until deadline: Duration, _ waiting: @Sendable (String) -> Void, _ holder: JSON,
        _ clock: EngineClock
    ) async throws(Failure) -> (file: Int32, former: JSON?, hasWaited: Bool) {
        var hasWaited = false
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw SystemReason.failure("the lock \(path) cannot be opened", errno)
        }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard clock.elapsed() < deadline else {
                let failure = LedgerFailure.locked(name, by: read(file))
                close(file)
                throw failure
            }
            if !hasWaited { waiting(LedgerFailure.waiting(name, for: read(file))) }
            hasWaited = true
            do { try await clock.sleep(.milliseconds(200)) } catch {
                close(file)
                throw Failure(
                    .interrupted, "interrupted while waiting for the lock of \(name)",
                    hint: "run the same command again")
            }
        }
        let former = read(file)
        let text = Array(holder.compact.utf8)
        ftruncate(file, 0)
        pwrite(file, text, text.count, 0)
        return (file, former, hasWaited)
    }

    static func read(_ file: Int32) -> JSON? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = pread(file, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        do { return try JSON.parse(Array(buffer[..<count])) } catch { return nil }
    }
}

/// Whether a run's locks are still its own.
public struct LockProof: Sendable {
    let keeper: LeaseKeeper?

    /// Of locks that end with the process.
    public static let none = LockProof(keeper: nil)

    /// Of the run that is going on: asked directly before each call that changes something, because what an intent was written
    /// for may come much later.
    @TaskLocal public static var current = LockProof.none

    /// Does something that may make calls by these locks alone.
    public func during<Result>(
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let result: Swift.Result<Result, Failure> = await Self.$current.withValue(self) {
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Refuses to go on where a lock may be another run's by now.
    ///
    /// - Throws: ``Failure`` with code `lease-lost`.
    public func check() async throws(Failure) { try await keeper?.check() }
}
