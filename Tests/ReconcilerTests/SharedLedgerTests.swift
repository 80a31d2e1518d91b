import Foundation
import JSON
import SQLite
import Support
import Testing

@testable import Base
@testable import Ledger

/// A ledger in a store of objects, used by several machines at once.
@Suite("A ledger that machines share")
struct SharedLedgerTests {
    private static func open(
        _ store: FakeStore, _ folder: String? = nil, checkpointing: Int64 = 8
    ) async throws -> Ledger {
        let path = try folder ?? Scratch.folder("shared")
        let ledger = try await Ledger.shared(
            store, copy: path + "/copy.sqlite", isMade: true, checkpointing: checkpointing,
            background: FakeStore.Tasks()
        ) { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }
        return try #require(ledger)
    }

    private static func tokens(_ store: FakeStore) async throws -> [String] {
        let path = try Scratch.folder("whole") + "/whole.sqlite"
        try await Ledger.copyWhole(of: store, to: path) { count in (0..<count).map { _ in 7 } }
        var tokens: [String] = []
        let reader = try LedgerReader(path: path)
        try reader.entries { entry, _ in if entry.kind == .intent { tokens.append(entry.token) } }
        _ = try reader.verify()
        return tokens
    }

    @Test("says the same as one in a file, also to a machine that comes later")
    func same() async throws {
        let store = FakeStore()
        try await ReferenceLedger.fill(try await Self.open(store))
        let path = try Scratch.folder("shared") + "/ledger"
        try await ReferenceLedger.fill(path, checkpointing: 8)
        let plain = try TestTime.ledger(path, checkpointing: 8)
        let fresh = try await Self.open(store)
        #expect(try await fresh.facts("schema", "version") == plain.facts("schema", "version"))
        #expect(try await fresh.facts("service/7", "rollout") == plain.facts("service/7", "rollout"))
        let open = try await fresh.openIntents(environment: "prod")
        #expect(open.map(\.token) == ["token-9-migrate", "token-9-update"])
        #expect(try await open.map(\.acceptance) == plain.openIntents(environment: "prod").map(\.acceptance))
    }

    @Test("a fresh machine makes five requests, however long the ledger is, and one that has a copy two")
    func requests() async throws {
        let store = FakeStore()
        let first = try await Self.open(store, checkpointing: 32)
        let writer = try await ReferenceLedger.Writer(first, "prod", 10)
        for round in 0..<700 { try await writer.adopt("v\(round)", isFlushed: true) }
        let folder = try Scratch.folder("shared")
        for (isFresh, limit) in [(true, 5), (false, 2)] {
            store.use { $0.requests = [] }
            let ledger = try await Self.open(store, folder, checkpointing: 32)
            #expect(try await ledger.fact("schema", "version") == "v699")
            let requests = store.use(\.requests)
            #expect(requests.count <= limit, "\(isFresh): \(requests)")
        }
    }

    @Test("a copy that begins at a checkpoint goes on over the next ones")
    func goesOn() async throws {
        let store = FakeStore()
        let first = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<20 { try await first.adopt("v\(round)", isFlushed: true) }
        let folder = try Scratch.folder("shared")
        for round in 20..<60 {
            let writer = try await ReferenceLedger.Writer(try await Self.open(store, folder), "prod", 10)
            try await writer.adopt("v\(round)", isFlushed: true)
            let again = try await Self.open(store, folder)
            #expect(try await again.fact("schema", "version") == "v\(round)")
        }
        #expect(try LedgerFile(existing: folder + "/copy.sqlite").base.count > 0)
    }

    @Test(
        "a bucket that was put back to an earlier state is refused by a machine that knows more, whatever was added since"
    )
    func wentBack() async throws {
        let store = FakeStore()
        let path = try Scratch.folder("shared")
        let first = try await ReferenceLedger.Writer(try await Self.open(store, path), "prod", 10)
        for round in 0..<5 { try await first.adopt("v\(round)", isFlushed: true) }
        let earlier = store.use(\.objects)
        for round in 5..<9 { try await first.adopt("v\(round)", isFlushed: true) }
        store.use { $0.objects = earlier }
        let fresh = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<3 { try await fresh.adopt("w\(round)", isFlushed: true) }
        let found = await #expect(throws: Failure.self) { _ = try await Self.open(store, path) }
        #expect(
            found?.code == .ledgerForeign && found?.summary.contains("does not have what this machine has read") == true
        )
    }

    @Test("objects that are gone are missed by who reads all of them", arguments: ["entries/", "ledger.json"])
    func gone(_ start: String) async throws {
        let store = FakeStore()
        let first = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<20 { try await first.adopt("v\(round)", isFlushed: true) }
        #expect(store.use { $0.objects["newest.json"] != nil })
        store.use { state in state.objects = state.objects.filter { !$0.key.hasPrefix(start) } }
        let found = await #expect(throws: Failure.self) {
            try await Ledger.copyWhole(of: store, to: try Scratch.folder("whole") + "/w.sqlite") { count in
                (0..<count).map { _ in 7 }
            }
        }
        #expect(found?.code == .ledgerDamaged)
    }

    @Test("of a damaged ledger all is saved that a later object repeats, and the damage is told", arguments: [10, 20])
    func salvaged(last: Int) async throws {
        let store = FakeStore()
        let writer = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<20 { try await writer.adopt("v\(round)", isFlushed: true) }
        let names = store.use { state in state.objects.keys.filter { $0.hasPrefix("entries/") }.sorted() }
        let name = last == 20 ? names[names.count - 1] : names[last - 1]
        store.use { $0.objects[name] = StoredObject(body: Array("garbage".utf8), version: "g") }
        let path = try Scratch.folder("salvage") + "/ledger.sqlite"
        let damage = try await Ledger.salvage(of: store, to: path) { count in Array(repeating: 7, count: count) }
        #expect(damage?.code == .ledgerDamaged)
        let copy = path + ".new"
        _ = try await LedgerCopy(of: path).run(toFile: copy)
        let ledger = try TestTime.ledger(copy, checkpointing: 8)
        #expect(try await ledger.fact("schema", "version") == (last == 20 ? "v18" : "v19"))
    }

    @Test(
        "a store that takes no writes is given up, and what it said is told",
        arguments: [FakeStore.Trouble.lostRequest, .busy])
    func givenUp(_ trouble: FakeStore.Trouble) async throws {
        let store = FakeStore()
        let writer = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        let writes = store.use { state in
            for number in state.writes + 1...state.writes + 100 { state.troubles[number] = trouble }
            return state.writes
        }
        let found = await #expect(throws: Failure.self) { try await writer.intend("schema/main", "migrate", "1") }
        #expect(found?.code == (trouble == .busy ? .awsRefused : .awsUnreachable))
        #expect(store.use(\.writes) - writes <= 6)
    }

    @Test("a machine's copy that is damaged is to be removed, and not rebuilt: it would go on by itself")
    func damagedCopy() async throws {
        let store = FakeStore()
        let first = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<20 { try await first.adopt("v\(round)", isFlushed: true) }
        let path = try Scratch.folder("shared")
        let copy = path + "/copy.sqlite"
        _ = try await Self.open(store, path)
        try Connection(path: copy, create: false).run(
            "UPDATE entry SET payload = replace(payload, 'v', 'w') WHERE sequence = (SELECT sequence FROM last_entry)")
        let found = await #expect(throws: Failure.self) { _ = try await Self.open(store, path) }
        #expect(
            found?.code == .ledgerDamaged && found?.hint.contains("rm -f \(copy)") == true,
            "\(String(describing: found))")
        let refused = #expect(throws: Failure.self) { _ = try LedgerRebuild(path: copy).run() }
        #expect(refused?.hint.contains("rm -f") == true)
        LedgerSite.remove(copy)
        #expect(try await Self.open(store, path).fact("schema", "version") == "v19")
    }

    @Test("facts of which a copy has lost the page are read from the store's checkpoint once more, or it is damaged")
    func lostPage() async throws {
        let store = FakeStore()
        let first = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<20 { try await first.adopt("v\(round)", isFlushed: true) }
        let path = try Scratch.folder("shared")
        _ = try await Self.open(store, path)
        try Connection(path: path + "/copy.sqlite", create: false).run("DELETE FROM page")
        let found = await #expect(throws: Failure.self) {
            _ = try await Self.open(store, path).fact("schema", "version")
        }
        #expect(found?.code == .ledgerDamaged)
    }

    @Test("of many writers each append is there once, and each run has a number of its own")
    func race() async throws {
        let store = FakeStore()
        let epochs = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let writer = try await ReferenceLedger.Writer(try await Self.open(store), "e\(number)", 10)
                    for round in 0..<20 { try await writer.intend("schema/main", "migrate", "\(number)-\(round)") }
                    return writer.run.epoch
                }
            }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(epochs.count == 6)
        let tokens = try await Self.tokens(store)
        #expect(tokens.count == 120 && Set(tokens).count == 120)
    }

    @Test("several runs of one process use one ledger side by side, and look for news meanwhile")
    func sideBySide() async throws {
        let store = FakeStore()
        let ledger = try await Self.open(store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask {
                    let writer = try await ReferenceLedger.Writer(ledger, "e\(number)", 10)
                    for round in 0..<12 {
                        await ledger.expectNews()
                        let intent = try await writer.intend("schema/main", "migrate", "\(number)-\(round)")
                        #expect(try await ledger.openIntents(environment: "e\(number)").count == 1)
                        try await writer.settle(intent, "succeeded", fact: "\(number)-\(round)")
                        #expect(try await ledger.openIntents(environment: "e\(number)").isEmpty)
                    }
                    try await writer.append(Draft(.end, token: "", payload: ["exit": 0]))
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(try await Self.tokens(store)).count == 60)
    }

    @Test(
        "an answer that is lost, late, or refuses what was written, changes nothing",
        arguments: [FakeStore.Trouble.lostAnswer, .lostRequest, .late, .busy], 1..<9)
    func trouble(_ trouble: FakeStore.Trouble, at write: Int) async throws {
        let store = FakeStore()
        store.use { $0.troubles = [write: trouble] }
        let ledger = try await Self.open(store, checkpointing: 3)
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 10)
        for round in 0..<8 { try await writer.intend("schema/main", "migrate", "\(round)") }
        #expect(try await Self.tokens(store) == (0..<8).map(String.init))
        let other = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        #expect(other.run.epoch == 2)
    }

    @Test("a list that lacks the newest objects hides none of them", arguments: [1, 3, 40])
    func stale(lag: Int) async throws {
        let store = FakeStore()
        let writer = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<30 { try await writer.adopt("v\(round)", isFlushed: true) }
        store.use { $0.lag = lag }
        #expect(try await Self.open(store).fact("schema", "version") == "v29")
    }

    @Test("what another machine appends meanwhile is known once it is looked for")
    func meanwhile() async throws {
        let store = FakeStore()
        let ledger = try await Self.open(store)
        let writer = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<30 { try await writer.adopt("v\(round)", isFlushed: true) }
        await ledger.expectNews()
        #expect(try await ledger.fact("schema", "version") == "v29")
    }

    @Test("where entries are missing no new ledger begins, and a copy that is not whole is none")
    func missing() async throws {
        let store = FakeStore()
        let writer = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<20 { try await writer.intend("schema/main", "migrate", "\(round)") }
        let kept = store.use(\.objects)
        // A hint that leads to nothing.
        store.use { state in state.objects = kept.filter { !$0.key.hasPrefix("entries/") } }
        var failure = await #expect(throws: Failure.self) { try await Self.open(store) }
        #expect(failure?.code == .ledgerDamaged, "\(failure?.summary ?? "")")
        // Entries of a copy that is going on.
        store.use { state in state.objects = kept.filter { $0.key.hasPrefix("entries/") } }
        failure = await #expect(throws: Failure.self) { try await Self.open(store) }
        #expect(failure?.code == .ledgerForeign, "\(failure?.summary ?? "")")
        #expect(store.use { $0.objects["ledger.json"] == nil })
    }

    @Test("a run that another one has overtaken has lost its lease, and is no bug")
    func overtaken() async throws {
        let store = FakeStore()
        let (first, second) = (try await Self.open(store), try await Self.open(store))
        let writer = try await ReferenceLedger.Writer(first, "prod", 10)
        let intent = try await writer.intend("schema/main", "migrate", "t")
        let other = try await ReferenceLedger.Writer(second, "prod", 10)
        await second.expectNews()
        #expect(try await second.openIntents(environment: "prod").count == 1)
        try await other.settle(intent, "succeeded", fact: "v")
        try await other.intend("schema/main", "migrate", "u")
        let failure = await #expect(throws: Failure.self) { try await writer.accept(intent, "task") }
        #expect(failure?.code == .leaseLost, "\(failure?.summary ?? "")")
    }

    @Test("another ledger under the same name is refused, and both are named")
    func other() async throws {
        let (store, folder) = (FakeStore(), try Scratch.folder("shared"))
        let first = try await Self.open(store, folder)
        store.use { $0.objects = [:] }
        let second = try await Self.open(store)
        let failure = await #expect(throws: Failure.self) { try await Self.open(store, folder) }
        #expect(failure?.code == .ledgerForeign)
        let cause = failure?.cause.joined() ?? ""
        #expect(cause.contains(first.lineage) && cause.contains(second.lineage), "\(cause)")
    }

    @Test("an object that was changed is damage, and its entry is named")
    func changed() async throws {
        let store = FakeStore()
        let writer = try await ReferenceLedger.Writer(try await Self.open(store), "prod", 10)
        for round in 0..<5 { try await writer.adopt("value-\(round)-x", isFlushed: true) }
        store.use { state in
            for (name, object) in state.objects where name.hasPrefix("entries/") {
                let text = String(decoding: object.body, as: UTF8.self).replacing("value-2-x", with: "value-9-x")
                state.objects[name] = StoredObject(body: Array(text.utf8), version: object.version)
            }
        }
        let failure = await #expect(throws: Failure.self) { try await Self.open(store) }
        #expect(failure?.code == .ledgerDamaged && failure?.cause.first?.hasPrefix("entry 4:") == true, "\(failure!)")
    }
}
