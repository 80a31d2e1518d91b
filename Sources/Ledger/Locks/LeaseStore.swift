import Base
import JSON

/// Takes, renews and gives back one lease. The store's conditional writes alone decide who has it.
struct LeaseStore: Sendable {
    let store: any ObjectStore
    /// The lock's name, for people.
    let lock: String
    let holder: JSON
    /// Where this process holds the lock of the same name in a file; nil if that is not known.
    var site: String?
    /// Who held that file before; nil if that is not known.
    var former: JSON?
    let clock: EngineClock
    let nonce: @Sendable () -> String
    /// Gets one line that names the holder, when this process starts to wait.
    var waiting: @Sendable (String) -> Void = { _ in }

    private var object: String { Lease.name(of: lock) }

    /// A lease that is ours, as the store has it.
    struct Held: Sendable {
        var lease: Lease
        var version: String
        /// When the request was sent that wrote it last: it holds from then on at least.
        var since: Duration
    }

    /// The lease as the store had it at a moment.
    struct Observed: Sendable {
        let found: StoredObject?
        let at: Duration
    }

    func look() async throws(Failure) -> Observed {
        // It may be of any moment until the answer is here: to believe that it was earlier would end a lease that is alive.
        let found = try await store.get(object)
        return Observed(found: found, at: clock.elapsed())
    }

    /// Waits until the lease is free, or its holder has let it run out.
    ///
    /// How long it was not renewed is known by how long this process has seen the same version: no two machines' clocks are
    /// compared.
    ///
    /// - Parameters:
    ///   - end: until when a holder that is alive is waited for.
    ///   - first: as it was seen before. Its time runs since then.
    /// - Returns: the lease, and whether someone else held it at first.
    /// - Throws: ``Failure`` with code `environment-locked` that names the holder.
    func take(until end: Duration, after first: Observed) async throws(Failure) -> (held: Held, hasWaited: Bool) {
        var seen: (version: String, since: Duration, isAlive: Bool)?
        var hasWaited = false
        var observed = first
        while true {
            let (found, now) = (observed.found, observed.at)
            let lease = found.flatMap { Lease($0.body) }
            if let found, lease == nil { throw unreadable(found) }
            let isFree = lease?.isReleased ?? true
            if seen?.version != found?.version { seen = found.map { ($0.version, now, seen != nil) } }
            // Its holder was a process of this machine, and has ended: it held the lock that this process has by now.
            // A clone of a machine has its site, and another holder in its file.
            let isDead =
                site != nil && lease?.site == site && former != nil && lease?.holder.canonical == former?.canonical
            let isOver = isDead || lease.map { clock.elapsed() - (seen?.since ?? now) > $0.duration } ?? true
            if isFree || isOver {
                var next = Lease(
                    generation: (lease?.generation ?? 0) + 1, seconds: Lease.usual, holder: holder, nonce: nonce())
                next.site = site
                if let held = try await write(next, over: found?.version) { return (held, hasWaited) }
                observed = try await look()
                continue
            }
            if !hasWaited, clock.elapsed() < end { waiting(LedgerFailure.waiting(lock, for: lease?.holder)) }
            hasWaited = true
            let mayLive = seen?.isAlive == true || found?.age.map { $0 < lease?.duration ?? .zero } == true
            if mayLive, clock.elapsed() >= end { throw LedgerFailure.locked(lock, by: lease?.holder) }
            try await clock.wait(.seconds(1))
            if clock.isOver { throw LedgerFailure.locked(lock, by: lease?.holder) }
            observed = try await look()
        }
    }

    /// Writes it once more. nil where it is another's by now.
    ///
    /// - Throws: ``Failure`` where the store did not say.
    func renew(_ held: Held) async throws(Failure) -> Held? {
        var version = held.version
        for _ in 0..<2 {
            var next = held.lease
            next.nonce = nonce()
            if let renewed = try await write(next, over: version) { return renewed }
            // An earlier renewal of our own may have arrived, and no one heard of it.
            guard let found = try await store.get(object), isSame(found, held) else { return nil }
            version = found.version
        }
        return nil
    }

    /// Whether what was found is another writing of a lease that is ours.
    private func isSame(_ found: StoredObject, _ held: Held) -> Bool {
        guard let lease = Lease(found.body), !lease.isReleased else { return false }
        return lease.generation == held.lease.generation && lease.holder.canonical == held.lease.holder.canonical
    }

    /// Lets another run take it at once. If that fails, it ends by itself after its time.
    func release(_ held: Held) async {
        var next = held.lease
        next.isReleased = true
        var version = held.version
        // A store that does not answer is not waited for any longer.
        for _ in 0..<2 {
            next.nonce = nonce()
            do {
                switch try await store.put(object, next.body, if: .unchanged(version)) {
                case .written: return
                case .unknown: continue
                case .conflict: break
                }
                // A renewal that was cut off may have changed the version.
                guard let found = try await store.get(object), isSame(found, held) else { return }
                version = found.version
            } catch {
                return
            }
        }
    }

    /// - Returns: nil where another writer was faster.
    func write(_ lease: Lease, over version: String?) async throws(Failure) -> Held? {
        let since = clock.elapsed()
        let condition = version.map(WriteCondition.unchanged) ?? .absent
        var patience = WritePatience(store)
        while true {
            let result = try await store.put(object, lease.body, if: condition)
            if case .written(let version) = result { return Held(lease: lease, version: version, since: since) }
            // The refusal may be of our own writing, if its answer was lost.
            let found = try await patience.look(at: object, after: result)
            if let found, found.body == lease.body { return Held(lease: lease, version: found.version, since: since) }
            // As before: the request may still be on its way.
            guard found?.version == version else { return nil }
            try await patience.wait(after: result)
        }
    }

    private func unreadable(_ found: StoredObject) -> Failure {
        Failure(
            .ledgerForeign, "the lock of \(lock) at \(store.url)/\(object) is not one of reconcile's",
            hint: "use the release of reconcile that wrote it, or a later one")
    }
}
