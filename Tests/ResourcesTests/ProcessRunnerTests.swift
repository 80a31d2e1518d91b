import Hashing
import JSON
import Synchronization
import Testing

@testable import Base
@testable import Ledger
@testable import Resources

@Suite("A migration by a process")
struct ProcessRunnerTests {
    /// A machine on which everything is as a test says.
    final class Machine: ProcessHost {
        let name: String
        let boot: String
        let environment: [String: String]
        let state = Mutex(ProcessState.absent)
        let text = Mutex("")
        let orders = Mutex<[ProcessOrder]>([])
        let names = Mutex<[String]>([])
        let removed = Mutex<[String]>([])

        init(name: String = "one", boot: String = "b1", token: String = "canary-2") {
            environment = ["GITHUB_TOKEN": token, "HOME": "/home/me", "SHORT_KEY": "us"]
            self.name = name
            self.boot = boot
        }

        func start(_ order: ProcessOrder) async throws(Failure) {
            orders.withLock { $0.append(order) }
            state.withLock { $0 = .running(pid: 42, start: "777") }
        }

        func withdraw(_ folder: String) -> Bool { state.withLock { $0 == .absent } }
        func state(in folder: String) -> ProcessState { state.withLock { $0 } }
        func log(in folder: String, from offset: Int) -> [UInt8] { text.withLock { Array($0.utf8.dropFirst(offset)) } }
        func end(in folder: String) async { state.withLock { $0 = .killed("it was ended by hand") } }
        func folders(in root: String) -> [String] { names.withLock { $0 } }
        func remove(_ folder: String) { removed.withLock { $0.append(folder) } }
    }

    static func runner(_ machine: Machine) -> ProcessRunner {
        ProcessRunner(
            id: RunnerFixture.id, spec: RunnerFixture.spec(.process, timeout: .seconds(90)), host: machine,
            digest: { SHA256.hex("key" + $0) })
    }

    /// Of a process whose folder is elsewhere by now.
    private static let receipt = ProgramReceipt.process(ProcessReceipt(folder: "elsewhere", host: "one", boot: "b1"))

    @Test("has a log whose empty lines, a million of them, are read past in one go")
    func emptyLines() async throws {
        let fixture = try RunnerFixture()
        let machine = Machine()
        let runner = Self.runner(machine)
        let step = try RunnerFixture.step(runner.announcement(image: nil))
        machine.text.withLock { $0 = String(repeating: "\n", count: 1 << 20) + "the end\n" }
        machine.state.withLock { $0 = .exited(0) }
        _ = try await runner.look(step, in: fixture.context())
        #expect(fixture.lines == ["the end"])
    }

    @Test("is started in a folder of its intent, with the declared version and its time-out")
    func start() async throws {
        let fixture = try RunnerFixture()
        let machine = Machine()
        let runner = Self.runner(machine)
        let receipt = try await runner.start(
            RunnerFixture.step(runner.announcement(image: nil)), in: fixture.context())
        let order = try #require(machine.orders.withLock { $0.first })
        #expect(order.folder == "processes/12-01234567")
        #expect(order.command == ["up", "all"] && order.timeout == 90)
        #expect(order.environment == ["PASSWORD": "canary-1", "RECONCILE_SCHEMA_VERSION": "0002"])
        #expect(receipt.json["pid"] == 42 && receipt.json["start"] == "777" && receipt.json["host"] == "one")
        #expect(!receipt.json.canonical.contains("canary"))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let state: ProcessState
        var isAccepted = true
        var machine = "one"
        var boot = "b1"
        let verdict: String
        var testDescription: String { name }
    }

    @Test(
        "is judged by what its machine knows of it",
        arguments: [
            Row(name: "running", state: .running(pid: 1, start: "1"), verdict: "running: running"),
            Row(name: "ended well", state: .exited(0), verdict: "succeeded"),
            Row(name: "failed", state: .exited(3), verdict: "migration-failed"),
            Row(name: "no command", state: .notFound, verdict: "migration-not-started"),
            Row(
                name: "its time-out", state: .killed("it was killed after its time-out of 30m"),
                verdict: "undecided: it was killed after its time-out of 30m"),
            Row(name: "gone", state: .lost, verdict: "undecided: its process is gone, and left no exit code"),
            Row(
                name: "gone with the machine's start", state: .lost, boot: "b2",
                verdict: "undecided: the machine rebooted while its process was running"),
            Row(name: "ended before the machine's start", state: .exited(0), boot: "b2", verdict: "succeeded"),
            Row(
                name: "on another machine", state: .exited(0), machine: "two",
                verdict: "gone: its process was started on the machine one, and this is two"),
            Row(name: "never begun", state: .absent, isAccepted: false, verdict: "unanswered"),
            Row(
                name: "perhaps begun before the machine's start", state: .absent, isAccepted: false, boot: "b2",
                verdict: "gone: the folder of its process is gone"),
            Row(name: "its folder was removed", state: .absent, verdict: "gone: the folder of its process is gone"),
        ])
    func looks(row: Row) async throws {
        let fixture = try RunnerFixture()
        let begun = Self.runner(Machine()).announcement(image: nil)
        let machine = Machine(name: row.machine, boot: row.boot)
        machine.state.withLock { $0 = row.state }
        let step = try RunnerFixture.step(begun, answered: row.isAccepted ? Self.receipt : nil)
        // Long after its time-out.
        let context = fixture.context { RunnerFixture.began.advanced(by: 7_200) }
        let look = try await Self.runner(machine).look(step, in: context)
        #expect(RunnerFixture.verdict(look) == row.verdict)
    }

    @Test("that may still run on another machine keeps this one from beginning anything")
    func elsewhere() async throws {
        let fixture = try RunnerFixture()
        let step = try RunnerFixture.step(Self.runner(Machine()).announcement(image: nil), answered: Self.receipt)
        let failure = await #expect(throws: Failure.self) {
            try await Self.runner(Machine(name: "two")).look(
                step, in: fixture.context { RunnerFixture.began.advanced(by: 149) })
        }
        #expect(failure?.code == .migrationRunning)
    }

    @Test("shows each line of its log once, when it has ended, without the values of secrets")
    func log() async throws {
        let fixture = try RunnerFixture()
        let machine = Machine()
        let runner = Self.runner(machine)
        let step = try RunnerFixture.step(runner.announcement(image: nil), answered: Self.receipt)
        machine.state.withLock { $0 = .running(pid: 42, start: "777") }
        machine.text.withLock { $0 = "canary-1 us\ncanary" }
        _ = try await runner.look(step, in: fixture.context())
        #expect(fixture.lines == ["*** us"])
        machine.text.withLock { $0 += "-2 /home/me\n\u{1B}[2J\nRECONCILE_SCHEMA=0001" }
        machine.state.withLock { $0 = .exited(0) }
        let look = try await runner.look(step, in: fixture.context())
        #expect(fixture.lines == ["*** us", "*** /home/me", "\\u{1b}[2J", "RECONCILE_SCHEMA=0001"])
        #expect(RunnerFixture.verdict(look) == "migration-failed, at 0001")
    }

    @Test("shows no value that an earlier run has given to it, though this one knows another")
    func strangeValues() async throws {
        let fixture = try RunnerFixture()
        let begun = Self.runner(Machine(token: "canary-of-yesterday")).announcement(image: nil)
        #expect(!begun.json.canonical.contains("canary"))
        let machine = Machine(token: "canary-of-today")
        machine.state.withLock { $0 = .exited(1) }
        machine.text.withLock { $0 = "ä canary-of-yesterday, canary-of-today, canary-1, canary-of-yesterdaz\n" }
        let look = try await Self.runner(machine).look(
            RunnerFixture.step(begun, answered: Self.receipt), in: fixture.context())
        #expect(fixture.lines == ["ä ***, ***, ***, canary-of-yesterdaz"])
        #expect(RunnerFixture.verdict(look) == "migration-failed")
    }

    @Test("leaves no folder behind once this ledger has its end, and touches no other ledger's")
    func tidy() async throws {
        let fixture = try RunnerFixture()
        let run = try await fixture.ledger.begin(
            [:], environment: "test", time: RunnerFixture.began, awsTime: nil)
        func begin(_ token: String) async throws -> Int64 {
            let order = RunnerFixture.order(Self.runner(Machine()).announcement(image: nil)).json
            let draft = Draft(.intent, RunnerFixture.id, token: token, payload: order)
            return try await fixture.ledger.append(draft, of: run, time: RunnerFixture.began, awsTime: nil).sequence
        }
        let ended = try await begin("0123456789abcdef")
        let draft = Draft(
            .outcome, RunnerFixture.id, token: "0123456789abcdef",
            payload: ["intent": .integer(Int(ended)), "result": "succeeded"])
        _ = try await fixture.ledger.append(draft, of: run, time: RunnerFixture.began, awsTime: nil)
        let open = try await begin("fedcba9876543210")
        let machine = Machine()
        machine.names.withLock {
            $0 = [
                "\(ended)-01234567", "\(open)-fedcba98", "\(ended)-deadbeef", "\(ended + 1)-01234567", "999-01234567",
                "0-01234567", "\(ended)", "notes",
            ]
        }
        try await ProcessFolder.tidy(machine, in: fixture.context())
        #expect(machine.removed.withLock { $0 } == ["processes/\(ended)-01234567"])
    }
}
