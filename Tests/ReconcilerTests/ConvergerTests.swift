import JSON
import Testing

@testable import Base
@testable import Ledger
@testable import Reconciler

@Suite("The engine")
struct ConvergerTests {
    static func apply(_ resources: [FakeResource], _ context: Context) async throws -> Plan {
        try await Converger(Graph(resources), in: context).apply { RunRecord([:]) }
    }

    @Test("changes what differs, in the order of dependencies, each once")
    func order() async throws {
        let world = World()
        let context = TestTime.context(try TestTime.ledger())
        let plan = try await Self.apply(
            [
                FakeResource("c", after: ["b"], in: world), FakeResource("b", after: ["a"], in: world),
                FakeResource("a", in: world),
            ], context)
        #expect(plan.changes.map(\.resource.name) == ["a", "b", "c"])
        #expect(world.log.filter { $0.hasPrefix("change") } == ["change a", "change b", "change c"])
    }

    @Test("a converged world is left alone: no change, no entry")
    func quiet() async throws {
        let world = World()
        world.mutate("a") { $0.value = "new" }
        let ledger = try TestTime.ledger()
        let plan = try await Self.apply([FakeResource("a", in: world)], TestTime.context(ledger))
        #expect(plan.isConverged)
        #expect(try await ledger.newest(10, environment: "test").isEmpty)
        #expect(world.log == ["look a"])
    }

    @Test("news of a converged world are recorded in a run that changes nothing, and once")
    func news() async throws {
        let world = World()
        world.mutate("a") { $0.value = "new" }
        let ledger = try TestTime.ledger()
        var resource = FakeResource("a", in: world)
        resource.news = Fact(subject: "thing/a", name: "left by", value: "somebody")
        let plan = try await Converger(Graph([resource]), in: TestTime.context(ledger)).plan()
        #expect(plan.isConverged && plan.news.map(\.resource.name) == ["a"])
        #expect(try await ledger.newest(10, environment: "test").isEmpty)
        for _ in 0..<2 { _ = try await Self.apply([resource], TestTime.context(ledger)) }
        #expect(try await ledger.newest(10, environment: "test").reversed().map(\.kind) == [.run, .adopted, .end])
        #expect(try await ledger.fact("thing/a", "left by") == "somebody")
        #expect(!world.log.contains { $0.hasPrefix("change") })
    }

    @Test("every change has its intent before it, its acceptance and its outcome after it")
    func entries() async throws {
        let world = World()
        let ledger = try TestTime.ledger()
        _ = try await Self.apply([FakeResource("a", in: world)], TestTime.context(ledger))
        let entries = try await ledger.newest(10, environment: "test").reversed()
        #expect(entries.map(\.kind) == [.run, .intent, .accepted, .outcome, .end])
        #expect(entries.map(\.epoch) == [1, 1, 1, 1, 1])
        #expect(try await ledger.openIntents(environment: "test").isEmpty)
        #expect(try await ledger.fact("thing/a", "value") == "new")
    }

    @Test("how an open step ended is recorded also where something else must not go on, and once")
    func endsOfBlocked() async throws {
        let world = World()
        let ledger = try TestTime.ledger()
        world.mutate("a") { $0.slow = 100 }
        let waiting = [FakeResource("a", in: world)]
        await #expect(throws: Failure.self) { try await Self.apply(waiting, TestTime.context(ledger)) }
        #expect(try await ledger.openIntents(environment: "test").count == 1)
        world.mutate("a") { $0.slow = 0 }
        var blocked = FakeResource("b", in: world)
        blocked.blocker = Failure(.schemaOlder, "older", hint: "roll forward")
        var entries: [Int] = []
        for _ in 0..<2 {
            let failure = await #expect(throws: Failure.self) {
                try await Self.apply(waiting + [blocked], TestTime.context(ledger))
            }
            #expect(failure?.code == .schemaOlder)
            #expect(try await ledger.openIntents(environment: "test").isEmpty)
            entries.append(try await ledger.newest(50, environment: "test").count)
        }
        #expect(entries[0] == entries[1])
    }

    @Test("an approved step is made once, whatever another user takes back meanwhile", arguments: [true, false])
    func approvedOnce(isApproved: Bool) async throws {
        let world = World()
        world.mutate("b") { $0.slow = 9 }
        let context = TestTime.context(try TestTime.ledger()) { event in
            guard case .started(let resource, _) = event, resource.name == "b" else { return }
            world.mutate("a") { $0.value = "old" }
        }
        let graph = try Graph(
            [FakeResource("a", in: world), FakeResource("b", after: ["a"], in: world)])
        let run = { () async throws(Failure) in
            _ = try await Converger(graph, in: context).apply(approval: isApproved ? Approval { _ in } : nil) {
                RunRecord([:])
            }
        }
        if isApproved {
            let failure = await #expect(throws: Failure.self) { try await run() }
            #expect(failure?.code == .planChanged)
            #expect(failure?.cause == ["thing/a: update is needed now, and was not approved"])
        } else {
            try await run()
        }
        let changes = world.log.filter { $0.hasPrefix("change") }
        #expect(changes == ["change a", "change b"] + (isApproved ? [] : ["change a"]))
    }

    @Test("an approved step that was not answered is made again")
    func approvedAgain() async throws {
        let world = World()
        world.mutate("a") { $0.end = .lostResponse }
        let graph = try Graph([FakeResource("a", in: world)])
        _ = try await Converger(graph, in: TestTime.context(try TestTime.ledger())).apply(approval: Approval { _ in }) {
            RunRecord([:])
        }
        #expect(world["a"].value == "new")
    }

    @Test("what a step relies on is looked at again where the step was held up: somebody may have moved it")
    func oldSight() async throws {
        let world = World()
        world.mutate("a") { $0.value = "new" }
        world.mutate("b") { $0.end = .throttled }
        let context = TestTime.context(try TestTime.ledger())
        await #expect(throws: Failure.self) {
            try await Self.apply([FakeResource("a", in: world), FakeResource("b", after: ["a"], in: world)], context)
        }
        let first = try #require(world.log.firstIndex(of: "change b"))
        let last = try #require(world.log.lastIndex(of: "change b"))
        #expect(world.log[first...last].contains("look a"), "\(world.log)")
        #expect(world.log.count { $0 == "look a" } < world.log.count { $0 == "change b" })
    }

    /// What has happened since the first look, when the locks are taken.
    enum Since: CaseIterable { case nothing, anotherRun, aSecond, pools }

    @Test("what was seen before the locks counts as long as nothing has happened since", arguments: Since.allCases)
    func seenBefore(since: Since) async throws {
        let world = World()
        let ledger = try TestTime.ledger()
        let context = TestTime.context(ledger)
        let converger = Converger(
            try Graph([FakeResource("a", in: world)]), in: context,
            beginning: since == .pools ? nil : try await Converger.Beginning(in: context))
        _ = try await converger.apply {
            do {
                switch since {
                case .nothing, .pools: break
                // It has had its turn, and undone what was seen.
                case .anotherRun:
                    let other = try await context.begin(RunRecord([:]))
                    try await Recorder(run: other, context: context).end(nil)
                case .aSecond: try await context.clock.wait(.milliseconds(1_001))
                }
            } catch { Issue.record(error) }
            return RunRecord([:])
        }
        let looks = world.log.prefix { $0 != "change a" }.count
        // After another run's turn the plan is made anew, and what was seen for a plan is not acted on.
        #expect(looks == (since == .nothing ? 1 : since == .anotherRun ? 3 : 2), "\(world.log)")
        #expect(world["a"].value == "new")
    }

    @Test("what is under way is waited for, and nothing after it is begun")
    func wait() async throws {
        let world = World()
        world.mutate("a") { $0.slow = 5 }
        let context = TestTime.context(try TestTime.ledger())
        _ = try await Self.apply([FakeResource("a", in: world), FakeResource("b", after: ["a"], in: world)], context)
        let lastLookAtA = try #require(world.log.lastIndex(of: "look a"))
        let changeOfB = try #require(world.log.firstIndex(of: "change b"))
        #expect(lastLookAtA < changeOfB)
        #expect(context.clock.elapsed() > .milliseconds(80))
    }

    @Test("what depends on a step is looked at again once that has ended, also where nothing was waited for")
    func endsUpstream() async throws {
        let world = World()
        let context = TestTime.context(try TestTime.ledger())
        _ = try await Self.apply([FakeResource("a", in: world), FakeResource("b", after: ["a"], in: world)], context)
        let changeOfA = try #require(world.log.firstIndex(of: "change a"))
        let changeOfB = try #require(world.log.firstIndex(of: "change b"))
        #expect(world.log[changeOfA..<changeOfB].contains("look b"), "\(world.log)")
    }

    @Test("a failed step ends the run, is recorded, and blocks what depends on it")
    func failure() async throws {
        let world = World()
        world.mutate("a") { $0.end = .failure }
        let ledger = try TestTime.ledger()
        let error = await #expect(throws: Failure.self) {
            try await Self.apply(
                [FakeResource("a", in: world), FakeResource("b", after: ["a"], in: world)], TestTime.context(ledger))
        }
        #expect(error?.code == .rolloutFailed)
        #expect(!world.log.contains("change b"))
        let newest = try await ledger.newest(2, environment: "test")
        #expect(newest.map(\.kind) == [.end, .outcome])
        #expect(newest[0].payload["exit"]?.integer == 4)
        #expect(newest[1].payload["result"]?.string == "failed")
        #expect(try await ledger.openIntents(environment: "test").isEmpty)
    }

    @Test("a refused call leaves no open intent and ends the run")
    func refusal() async throws {
        let world = World()
        world.mutate("a") { $0.end = .refusal }
        let ledger = try TestTime.ledger()
        let error = await #expect(throws: Failure.self) {
            try await Self.apply([FakeResource("a", in: world)], TestTime.context(ledger))
        }
        #expect(error?.code == .awsRefused)
        #expect(world.log.filter { $0 == "change a" }.count == 1)
        #expect(try await ledger.openIntents(environment: "test").isEmpty)
    }

    @Test("after a lost answer the effect is looked for, and the call is not made again")
    func lostResponse() async throws {
        let world = World()
        world.mutate("a") { $0.end = .lostResponse }
        _ = try await Self.apply([FakeResource("a", in: world)], TestTime.context(try TestTime.ledger()))
        #expect(world.log.filter { $0 == "change a" }.count == 1)
    }

    @Test("a blocked step stops everything before the first change")
    func blocked() async throws {
        let world = World()
        var second = FakeResource("b", after: ["a"], in: world)
        second.blocker = Failure(.schemaOlder, "too old", hint: "roll forward")
        let resources = [FakeResource("a", in: world), second]
        let ledger = try TestTime.ledger()
        let error = await #expect(throws: Failure.self) {
            try await Self.apply(resources, TestTime.context(ledger))
        }
        #expect(error?.code == .schemaOlder)
        #expect(!world.log.contains { $0.hasPrefix("change") })
        #expect(try await ledger.newest(1, environment: "test").isEmpty)
    }

    @Test("a wait that lasts too long detaches: exit 5, and what AWS does goes on")
    func timeout() async throws {
        let world = World()
        world.mutate("a") { $0.slow = 1_000_000 }
        let error = await #expect(throws: Failure.self) {
            try await Self.apply([FakeResource("a", in: world)], TestTime.context(try TestTime.ledger()))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.exit == .detached)
        #expect(error?.hint.hasPrefix("AWS is still working. Look again") == true)
    }

    @Test("a missing mark alone is no change; a run that writes sets it, and its failure is no failure")
    func mark() async throws {
        let world = World()
        var mark = FakeResource("m", in: world)
        mark.isOptional = true
        let ledger = try TestTime.ledger()
        let quiet = try await Self.apply([mark], TestTime.context(ledger))
        #expect(quiet.isConverged)
        #expect(try await ledger.newest(1, environment: "test").isEmpty)

        world.mutate("m") { $0.end = .refusal }
        // A mark that was refused must not keep what is under way from being waited for.
        world.mutate("a") { $0.slow = 5 }
        _ = try await Self.apply([mark, FakeResource("a", in: world)], TestTime.context(ledger))
        #expect(world["a"].value == "new")
        #expect(world.log.filter { $0 == "change m" }.count == 1)
    }

    @Test("a call that is throttled for ever is given up after a bounded number of tries")
    func throttled() async throws {
        let world = World()
        world.mutate("a") { $0.end = .throttled }
        let context = TestTime.context(try TestTime.ledger())
        let error = await #expect(throws: Failure.self) {
            try await Self.apply([FakeResource("a", in: world)], context)
        }
        #expect(error?.code == .awsThrottled)
        #expect(world.log.filter { $0 == "change a" }.count == 7)
        #expect(context.clock.elapsed() > .seconds(10))
    }

    @Test("open intents of what is no longer wanted begin no run")
    func orphans() async throws {
        let world = World()
        world.mutate("a") { $0.value = "new" }
        let ledger = try TestTime.ledger()
        let run = try await ledger.begin([:], environment: "test", time: .init(seconds: 1), awsTime: nil)
        let draft = Draft(.intent, ResourceID("thing", "gone"), token: "t", payload: ["action": "update"])
        try await ledger.append(draft, of: run, time: .init(seconds: 1), awsTime: nil)
        _ = try await Self.apply([FakeResource("a", in: world)], TestTime.context(ledger))
        #expect(try await ledger.newest(10, environment: "test").count == 2)
    }

    @Test("an unanswered intent of an earlier run is settled by what is seen")
    func recovery() async throws {
        let world = World()
        let ledger = try TestTime.ledger()
        let run = try await ledger.begin([:], environment: "test", time: .init(seconds: 1), awsTime: nil)
        _ = try await ledger.append(
            Draft(.intent, ResourceID("thing", "a"), token: "t", payload: ["action": "update"]), of: run,
            time: .init(seconds: 1), awsTime: nil)
        world.mutate("a") { $0.value = "new" }
        _ = try await Self.apply([FakeResource("a", in: world)], TestTime.context(ledger))
        #expect(!world.log.contains("change a"))
        #expect(try await ledger.openIntents(environment: "test").isEmpty)
    }

    @Test("the bound on steps follows from the size of the graph: 500 resources converge in one run")
    func large() async throws {
        let world = World()
        let resources = (0..<500).map { FakeResource("r\($0)", in: world) }
        _ = try await Self.apply(resources, TestTime.context(try TestTime.ledger()))
        #expect(world.log.count { $0.hasPrefix("change") } == 500)
    }
}
