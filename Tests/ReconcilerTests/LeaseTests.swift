import Foundation
import JSON
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

/// Locks of a shared ledger, by a clock that moves when someone waits.
@Suite("A lease")
struct LeaseTests {
    private static func machine(
        _ store: FakeStore, _ user: String, _ clock: EngineClock, site: String? = nil, after former: String? = nil
    ) -> LeaseStore {
        LeaseStore(
            store: store, lock: "environment/prod", holder: holder(user), site: site, former: former.map(holder),
            clock: clock,
            nonce: { UUID().uuidString })
    }

    private static func holder(_ user: String) -> JSON { ["user": .string(user), "host": "h", "pid": 1] }

    private static func clock() -> EngineClock { EngineClock(InstantClock(), wall: { Timestamp(seconds: 1_000) }) }

    @Test("is taken where no one has it, and again once it was given back")
    func free() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        let first = try await Self.machine(store, "ann", clock).taken(until: .zero)
        #expect(first.held.lease.generation == 1 && !first.hasWaited)
        await Self.machine(store, "ann", clock).release(first.held)
        let second = try await Self.machine(store, "bob", clock).taken(until: .zero)
        #expect(second.held.lease.generation == 2 && !second.hasWaited)
        #expect(clock.elapsed() == .zero)
    }

    @Test("of a holder that no longer renews it is taken after its time, as this machine has seen it pass")
    func expired() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        _ = try await Self.machine(store, "ann", clock).taken(until: .zero)
        let second = try await Self.machine(store, "bob", clock).taken(until: .seconds(600))
        #expect(second.hasWaited && second.held.lease.generation == 2)
        #expect(clock.elapsed() > .seconds(Lease.usual) && clock.elapsed() < .seconds(Lease.usual + 5))
    }

    @Test("that is renewed while it is looked at is alive, however long that takes")
    func slowLook() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        let ann = Self.machine(store, "ann", clock)
        let held = try await ann.taken(until: .zero).held
        store.onGet = { [store] number in
            guard number == 2 else { return }
            // The answer comes late, and tells of a renewal just before it.
            do {
                try await clock.wait(.seconds(Lease.usual + 1))
                _ = try await ann.renew(held)
                store.age = .zero
            } catch {}
        }
        await #expect(throws: Failure.self) { try await Self.machine(store, "bob", clock).taken(until: .zero) }
    }

    @Test("of a run that had several is taken in the time of one: all were seen at once")
    func several() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        _ = try await Self.machine(store, "ann", clock).taken(until: .zero)
        let bob = Self.machine(store, "bob", clock)
        let seen = try await bob.look()
        // As long as another one is waited for.
        try await clock.wait(.seconds(Lease.usual + 1))
        let second = try await bob.take(until: .zero, after: seen)
        #expect(second.held.lease.generation == 2 && clock.elapsed() < .seconds(Lease.usual + 5))
    }

    @Test("is given back although a renewal was cut off just before")
    func renewedMeanwhile() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        let ann = Self.machine(store, "ann", clock)
        let held = try await ann.taken(until: .zero).held
        _ = try await ann.renew(held)
        await ann.release(held)
        store.age = .seconds(1)
        #expect(try await !Self.machine(store, "bob", clock).taken(until: .zero).hasWaited)
    }

    @Test("of a process that has ended on this machine is taken at once, and of one elsewhere it is not")
    func dead() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        store.age = .seconds(1)
        _ = try await Self.machine(store, "ann", clock, site: "here").taken(until: .zero)
        // Another machine; and a clone of this one, whose file has an earlier holder.
        for (site, former) in [("there", "ann"), ("here", "old"), ("here", nil)] {
            await #expect(throws: Failure.self) {
                try await Self.machine(store, "bob", clock, site: site, after: former).taken(until: .zero)
            }
        }
        #expect(
            try await Self.machine(store, "ann", clock, site: "here", after: "ann").taken(until: .zero).held.lease
                .generation == 2)
    }

    @Test("whose renewal arrived unheard is still the run's own")
    func unheard() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        let ann = Self.machine(store, "ann", clock)
        let held = try await ann.taken(until: .zero).held
        _ = try await ann.renew(held)
        #expect(try await ann.renew(held) != nil)
    }

    @Test("that was renewed lately is refused, and the holder is named; one that is renewed is waited for")
    func held() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        let ann = Self.machine(store, "ann", clock)
        let held = try await ann.taken(until: .zero).held
        store.age = .seconds(3)
        let refused = await #expect(throws: Failure.self) {
            try await Self.machine(store, "bob", clock).taken(until: .zero)
        }
        #expect(refused?.code == .environmentLocked && refused?.cause.joined().contains("ann") == true)
        // Its age is not known: it lives, because it is another version after a while.
        store.age = nil
        store.onGet = { count in
            guard count == 4 else { return }
            store.onGet = nil
            _ = try? await ann.renew(held)
        }
        let late = await #expect(throws: Failure.self) {
            try await Self.machine(store, "bob", clock).taken(until: clock.elapsed() + .seconds(2))
        }
        #expect(late?.code == .environmentLocked)
    }

    @Test(
        "is one machine's, whatever answers are lost", arguments: [FakeStore.Trouble.lostAnswer, .lostRequest, .busy])
    func trouble(_ trouble: FakeStore.Trouble) async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        store.use { $0.troubles = [1: trouble] }
        let first = try await Self.machine(store, "ann", clock).taken(until: .zero)
        store.age = .seconds(1)
        await #expect(throws: Failure.self) { try await Self.machine(store, "bob", clock).taken(until: .zero) }
        #expect(try await Self.machine(store, "ann", clock).renew(first.held) != nil)
    }

    @Test("that another machine has taken is not renewed, and a run that cannot prove it makes no further call")
    func lost() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        let ann = Self.machine(store, "ann", clock)
        let held = try await ann.taken(until: .zero).held
        let keeper = LeaseKeeper(clock: clock)
        await keeper.keep(held, in: ann, renewingIn: Foreground())
        try await keeper.check()
        try await clock.wait(.seconds(Lease.usual - 6))
        try await keeper.check()
        try await clock.wait(.seconds(2))
        let late = await #expect(throws: Failure.self) { try await keeper.check() }
        #expect(late?.code == .leaseLost)
        _ = try await Self.machine(store, "bob", clock).taken(until: .seconds(600))
        #expect(try await ann.renew(held) == nil)
    }

    @Test("of many that come at once one has it")
    func race() async throws {
        let (store, clock) = (FakeStore(), Self.clock())
        store.age = .seconds(1)
        let won = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    do {
                        return try await !Self.machine(store, "m\(number)", clock).taken(until: .zero).held.version
                            .isEmpty
                    } catch { return false }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(won == 1)
    }
}

extension LeaseStore {
    func taken(until end: Duration) async throws(Failure) -> (held: Held, hasWaited: Bool) {
        try await take(until: end, after: try await look())
    }
}
