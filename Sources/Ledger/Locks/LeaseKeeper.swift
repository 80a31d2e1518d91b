import Base

/// Keeps leases while a run goes on: renews each after a third of its time, and says whether they are still ours.
actor LeaseKeeper {
    private struct Kept {
        let store: LeaseStore
        var held: LeaseStore.Held
        /// Why it is not ours any more.
        var lost: Failure?
        var cancel: @Sendable () -> Void = {}
    }

    private let clock: EngineClock
    private var kept: [Kept] = []

    /// Time for a call to arrive before the lease ends.
    private static let margin = Duration.seconds(5)

    init(clock: EngineClock) { self.clock = clock }

    /// From now on, also while another one is waited for. Each is renewed by itself: one that the store is slow with does not
    /// keep the others from it.
    func keep(_ held: LeaseStore.Held, in store: LeaseStore, renewingIn background: any Background) {
        let index = kept.count
        kept.append(Kept(store: store, held: held))
        kept[index].cancel = background.start { [weak self, clock] in
            while !clock.isOver {
                do { try await clock.sleep(.seconds(Lease.usual / 3)) } catch { return }
                guard await self?.renew(index) == true else { return }
            }
        }
    }

    /// Refuses to go on where a lease may be another's by now.
    ///
    /// - Throws: ``Failure`` with code `lease-lost`.
    func check() throws(Failure) {
        let now = clock.elapsed()
        for lease in kept {
            if let lost = lease.lost { throw lost }
            let unrenewed = now - lease.held.since
            if unrenewed > lease.held.lease.duration - Self.margin {
                throw LedgerFailure.leaseLost(
                    lease.store.lock, "it could not be renewed for \(unrenewed.text)")
            }
        }
    }

    /// Stops renewing them, and does not give them back.
    func abandon() { _ = ended() }

    /// Gives all back that are ours.
    func release() async {
        for lease in ended() where lease.lost == nil { await lease.store.release(lease.held) }
    }

    private func ended() -> [Kept] {
        defer { kept = [] }
        for lease in kept { lease.cancel() }
        return kept
    }

    /// - Returns: whether it goes on.
    private func renew(_ index: Int) async -> Bool {
        guard kept.indices.contains(index) else { return false }
        let (store, held) = (kept[index].store, kept[index].held)
        do {
            let renewed = try await store.renew(held)
            guard kept.indices.contains(index) else { return false }
            if let renewed {
                kept[index].held = renewed
            } else {
                kept[index].lost = LedgerFailure.leaseLost(store.lock, "another run has taken it")
            }
            return renewed != nil
        } catch {
            // The lease is valid for two more tries.
            return true
        }
    }
}
