import Base

/// Keeps leases while a run goes on: renews each after a third of its time, and says whether they are still ours.
actor LeaseKeeper {
    private let clock: EngineClock
    private var kept: [(store: LeaseStore, held: LeaseStore.Held)] = []
    private var lost: Failure?
    private var cancel: (@Sendable () -> Void)?

    /// Time for a call to arrive before the lease ends.
    private static let margin = Duration.seconds(5)

    init(clock: EngineClock) { self.clock = clock }

    /// From now on, also while another one is waited for.
    func keep(_ held: LeaseStore.Held, in store: LeaseStore) { kept.append((store, held)) }

    func start(_ background: Background) {
        cancel = background { [weak self, clock] in
            while true {
                do { try await clock.sleep(.seconds(Lease.usual / 3)) } catch { return }
                guard await self?.renew() == true else { return }
            }
        }
    }

    /// Refuses to go on where a lease may be another's by now.
    ///
    /// - Throws: ``Failure`` with code `lease-lost`.
    func check() throws(Failure) {
        if let lost { throw lost }
        let now = clock.elapsed()
        for (store, held) in kept where now - held.since > held.lease.duration - Self.margin {
            throw LedgerFailure.leaseLost(store.lock, "it could not be renewed for \((now - held.since).text)")
        }
    }

    /// Stops renewing them, and does not give them back.
    func abandon() {
        cancel?()
        cancel = nil
        kept = []
    }

    /// Gives all back.
    func release() async {
        cancel?()
        cancel = nil
        for (store, held) in kept where lost == nil { await store.release(held) }
        kept = []
    }

    /// - Returns: whether it goes on.
    private func renew() async -> Bool {
        for index in kept.indices {
            let (store, held) = kept[index]
            do {
                let renewed = try await store.renew(held)
                guard kept.indices.contains(index) else { return false }
                if let renewed {
                    kept[index].held = renewed
                } else {
                    lost = LedgerFailure.leaseLost(store.lock, "another run has taken it")
                    return false
                }
            } catch {
                // The lease is valid for two more tries.
            }
        }
        return true
    }
}
