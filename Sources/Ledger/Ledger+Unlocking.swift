import Base
import JSON

/// A lock of a shared ledger that is not given back.
public struct HeldLock: Sendable {
    /// Such as `environment/checkout-prod`.
    public let name: String
    /// What the holder wrote down of itself.
    public let holder: JSON
    /// How long ago it was renewed, by the store's own clock; nil if that is not known.
    public let age: Duration?

    fileprivate let lease: Lease

    /// How long its holder may still make calls at most.
    public var remaining: Duration {
        max(.zero, lease.duration - (age ?? .zero))
    }

    /// Who that is, in a sentence.
    public var text: String { LedgerFailure.holder(holder) }
}

/// Taking locks of a shared ledger away from a run that does not give them back.
extension Ledger {
    /// - Returns: those that are held, by whomever; nil for a ledger in a file, whose locks end with their process.
    public nonisolated func heldLocks(_ names: [String]) async throws(Failure) -> [HeldLock]? {
        guard let sharing else { return nil }
        var held: [HeldLock] = []
        for name in names.sorted(by: { $0.precedes($1) }) {
            guard let found = try await sharing.store.get(Lease.name(of: name)), let lease = Lease(found.body),
                !lease.isReleased
            else { continue }
            held.append(HeldLock(name: name, holder: lease.holder, age: found.age, lease: lease))
        }
        return held
    }

    /// Takes locks away, does something while no run holds them, and gives them back.
    ///
    /// A holder that is alive notices at its next renewal, or when its lease would have expired. This waits until then, so that
    /// no two runs act at once.
    ///
    /// - Throws: ``Failure`` with code `environment-locked` where another run has taken one meanwhile.
    public nonisolated func takingAway<Result>(
        _ locks: [HeldLock], holder: JSON, clock: EngineClock, _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let sharing else { throw .broken("the locks of a file are taken away") }
        let keeper = LeaseKeeper(clock: clock)
        do {
            var rest = Duration.zero
            for lock in locks {
                let store = LeaseStore(
                    store: sharing.store, lock: lock.name, holder: holder, clock: clock, nonce: sharing.random)
                let (held, remaining) = try await store.takeAway(lock.lease)
                await keeper.keep(held, in: store, renewingIn: sharing.background)
                rest = max(rest, remaining)
            }
            try await clock.wait(rest)
        } catch {
            // The leases expire by themselves. If they were released now, another run could start while the old holder acts.
            await keeper.abandon()
            throw error
        }
        let result: Result
        do {
            await expectNews()
            result = try await LockProof(keeper: keeper).during(body)
        } catch {
            await sharing.background.finish { await keeper.release() }
            throw error
        }
        await sharing.background.finish { await keeper.release() }
        return result
    }
}

extension LeaseStore {
    /// Writes a lease of one's own over another's, however alive that is.
    ///
    /// - Parameter known: the one that a person has seen.
    /// - Returns: one's own, and how long the other one's holder may still believe in what was overwritten.
    fileprivate func takeAway(_ known: Lease) async throws(Failure) -> (held: Held, remaining: Duration) {
        while true {
            guard let found = try await store.get(Lease.name(of: lock)), let lease = Lease(found.body) else {
                throw .broken("a lease has vanished")
            }
            // Renewed meanwhile, it is still the same run's.
            guard lease.generation == known.generation else { throw LedgerFailure.locked(lock, by: lease.holder) }
            let next = Lease(
                generation: lease.generation + 1, seconds: Lease.usual, holder: holder, nonce: nonce())
            if let held = try await write(next, over: found.version) {
                return (held, max(.zero, lease.duration - (found.age ?? .zero)))
            }
        }
    }
}
