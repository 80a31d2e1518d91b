import Foundation
import JSON
import Support
import Testing

/// The built program, killed by the kernel at every point: no handler runs, nothing is flushed, no one says goodbye.
@Suite("an apply that is killed", .serialized)
struct KillTests {
    /// How many requests of one kind are looked at. From there on it is waiting, and each wait is like the others.
    static let mostOfAKind = 5

    @Test("at any request, before or after it took effect, is finished by the next: one migration, one revision")
    func requests() async throws {
        let whole = try await Ordeal()
        let requests = try await whole.apply().requests
        try await whole.ends(migrations: ["v1"])
        for operation in Ordeal.mutating.keys { #expect(requests.contains { $0.operation == operation }) }
        let points = requests.filter { $0.occurrence <= Self.mostOfAKind }.flatMap { request in
            Relay.Side.allCases.map { Moment.request(request.operation, occurrence: request.occurrence, $0) }
        }
        let killed = try await inParallel(points) { moment in
            let ordeal = try await Ordeal()
            let trial = try await ordeal.apply(killedAt: moment)
            try await ordeal.ends(migrations: ["v1"])
            await ordeal.world.end()
            return trial.wasKilled
        }
        for (moment, wasKilled) in zip(points, killed) {
            // How often something is looked at depends on how long it takes; that it is looked at once does not.
            guard case .request(_, occurrence: 1, _) = moment else { continue }
            #expect(wasKilled, "\(moment)")
        }
    }

    @Test(
        "at any commit of the ledger is finished by the next: before it, after it, or with what was not on the disk lost",
        .enabled(if: SyncKiller.isThere, "there is no C compiler, neither beside swift nor on the PATH"),
        arguments: SyncKiller.When.allCases)
    func commits(when: SyncKiller.When) async throws {
        let width = 5
        var deaths: [Bool] = []
        repeat {
            deaths += try await inParallel((1...width).map { deaths.count + $0 }, width: width) { number in
                let ordeal = try await Ordeal()
                let trial = try await ordeal.apply(killedAt: .sync(number, when))
                try await ordeal.ends(migrations: ["v1"])
                await ordeal.world.end()
                return trial.wasKilled
            }
        } while !deaths.contains(false)
        // Each entry is a commit of its own, and the ledger is made by one.
        #expect(deaths.count { $0 } > 12)
    }

    @Test("up to three times in a row, at random, is finished by the next", .enabled(if: SyncKiller.isThere))
    func random() async throws {
        let deaths = try await inParallel(Array(1...20)) { seed in
            var dice = SplitMix64(seed: UInt64(seed))
            let ordeal = try await Ordeal()
            try await ordeal.ends(migrations: ["v1"])
            try ordeal.release("v2", schema: "2")
            var deaths = 0
            for _ in 0...dice.below(3) {
                if try await ordeal.apply(killedAt: Self.moment(&dice)).wasKilled { deaths += 1 }
            }
            try await ordeal.ends(migrations: ["v1", "v2"])
            await ordeal.world.end()
            return deaths
        }
        #expect(deaths.reduce(0, +) >= 20)
    }

    private static func moment(_ dice: inout SplitMix64) -> Moment {
        let isEarly = dice.below(2) == 0
        return dice.below(2) == 0
            ? .requestNumber(1 + dice.below(20), isEarly ? .before : .after)
            : .sync(1 + dice.below(16), isEarly ? .before : .after)
    }

    @Test("stopped while it holds the locks, it keeps others out and is named to them; let go, it converges")
    func stopped() async throws {
        let ordeal = try await Ordeal()
        let (stops, told) = AsyncStream.makeStream(of: Bool.self)
        let first = try ordeal.start { child, request, side in
            if request.operation == "RunTask", side == .before {
                child.signal(SIGSTOP)
                told.yield(child.isStopped())
                told.finish()
            }
            return true
        }
        defer { first.child.signal(SIGKILL) }
        let trial = Task {
            defer { told.finish() }
            return await first.child.end()
        }
        var isStopped = false
        for await stop in stops { isStopped = stop }
        try #require(isStopped, "\(first.child.output)")

        let second = try await ordeal.second()
        #expect(second.exit == 75, "\(second.out)\(second.error)")
        #expect(second.error.contains("error[environment-locked]"))
        #expect(second.error.contains(", process \(first.child.pid), since "), "\(second.error)")

        first.child.signal(SIGCONT)
        #expect(await trial.value == 0, "\(first.child.output)")
        try await ordeal.ends(migrations: ["v1"])
    }
}
