import JSON
import Testing
import Time

@testable import Base
@testable import Ledger

@Suite("History")
struct HistoryTests {
    /// Entries of one ledger, written down one after the other.
    struct Book {
        var entries: [Entry] = []

        @discardableResult
        mutating func add(
            _ kind: Entry.Kind, epoch: Int64, at seconds: Int64, _ resource: String? = nil,
            in environment: String = "e",
            token: String = "", _ payload: JSON = [:]
        ) -> Int {
            let sequence = Int64(entries.count + 1)
            entries.append(
                Entry(
                    sequence: sequence, epoch: epoch, time: .init(seconds: seconds), awsTime: nil,
                    environment: environment, resource: resource.flatMap(ResourceID.init), kind: kind, token: token,
                    payload: payload))
            return Int(sequence)
        }

        mutating func begin(_ epoch: Int64, at seconds: Int64, in environment: String = "e") {
            add(
                .run, epoch: epoch, at: seconds, nil, in: environment,
                ["command": "apply", "user": "user", "host": "host"])
        }
    }

    @Test("a run is told with who, when, how long, and each step from its intent to its outcome")
    func wholeRun() {
        var book = Book()
        book.begin(1, at: 100)
        let register = book.add(
            .intent, epoch: 1, at: 101, "task-definition/app", token: "t1",
            ["action": "register", "reason": "new image"])
        book.add(
            .outcome, epoch: 1, at: 103, "task-definition/app", token: "t1",
            [
                "intent": .integer(register), "action": "register", "result": "succeeded",
                "evidence": ["summary": "registered app:2"],
            ])
        let migrate = book.add(
            .intent, epoch: 1, at: 104, "schema/main", token: "t2", ["action": "migrate", "reason": "schema 1 -> 2"])
        book.add(.accepted, epoch: 1, at: 105, "schema/main", token: "t2", ["intent": .integer(migrate)])
        book.add(
            .outcome, epoch: 1, at: 150, "schema/main", token: "t2",
            [
                "intent": .integer(migrate), "action": "migrate", "result": "failed",
                "failure": ["code": "migration-failed", "summary": "the migration failed"],
            ])
        book.add(.end, epoch: 1, at: 160, nil, ["exit": 3, "failure": ["code": "migration-failed"]])

        let runs = History(book.entries).runs()
        #expect(runs.count == 1)
        #expect(runs[0].user == "user" && runs[0].host == "host" && runs[0].command == "apply")
        #expect(runs[0].exit == 3)
        #expect(runs[0].failure?["code"] == "migration-failed")
        #expect(runs[0].seconds == 60)
        #expect(runs[0].steps.map(\.action) == ["register", "migrate"])
        #expect(runs[0].steps.map(\.result) == ["succeeded", "failed"])
        #expect(runs[0].steps.map(\.reason) == ["new image", "schema 1 -> 2"])
        #expect(runs[0].steps.map(\.summary) == ["registered app:2", "the migration failed"])
        #expect(runs[0].steps.map(\.seconds) == [2, 46])
        #expect(runs[0].steps.map(\.token) == ["t1", "t2"])
    }

    @Test("a run that was cut off keeps what it began, and the run that recorded its end tells it with its origin")
    func cutOff() {
        var book = Book()
        book.begin(1, at: 100)
        let migrate = book.add(.intent, epoch: 1, at: 110, "schema/main", token: "t", ["action": "migrate"])
        book.add(.accepted, epoch: 1, at: 111, "schema/main", token: "t", ["intent": .integer(migrate)])
        #expect(History(book.entries).runs()[0].isOvertaken == false)
        #expect(History(book.entries).runs()[0].steps.map(\.result) == ["accepted"])
        book.begin(2, at: 500)
        book.add(
            .outcome, epoch: 2, at: 510, "schema/main", token: "t",
            ["intent": .integer(migrate), "action": "migrate", "result": "succeeded"])
        book.add(.end, epoch: 2, at: 512, nil, ["exit": 0])

        let runs = History(book.entries).runs()
        #expect(runs.map(\.epoch) == [2, 1])
        #expect(runs[1].exit == nil && runs[1].seconds == nil && runs[1].isOvertaken)
        #expect(runs[1].steps.map(\.result) == ["accepted"])
        #expect(runs[1].steps[0].settledIn == 2)
        #expect(runs[0].steps.map(\.result) == ["succeeded"])
        #expect(runs[0].steps[0].intentEpoch == 1)
        #expect(runs[0].steps[0].seconds == 400)
        #expect(!runs[0].isOvertaken)
    }

    @Test(
        "what a fact says is told in words",
        arguments: [
            ("version", "3", "version = 3"),
            (
                "release", #"{"given":["tag"],"image":"r/app:v2","schema":"0002"}"#,
                "release: image r/app:v2, schema 0002"
            ),
            ("settings", #"{"platformVersion":"1.4.0","a":{"b":1}}"#, #"settings: platformVersion 1.4.0, a {"b":1}"#),
        ])
    func facts(name: String, value: String, words: String) {
        var book = Book()
        book.begin(1, at: 100)
        book.add(
            .adopted, epoch: 1, at: 100, "service/web",
            ["facts": [["subject": "s", "name": .string(name), "value": .string(value)]]])
        #expect(History(book.entries).runs()[0].steps.first?.summary == words)
    }

    @Test("a decision by hand is told with its reason")
    func byHand() {
        var book = Book()
        book.begin(1, at: 100)
        let migrate = book.add(.intent, epoch: 1, at: 110, "schema/main", token: "t", ["action": "migrate"])
        book.add(.end, epoch: 1, at: 120, nil, ["exit": 6])
        book.begin(2, at: 200)
        book.add(
            .outcome, epoch: 2, at: 200, "schema/main", token: "t",
            [
                "intent": .integer(migrate), "action": "migrate", "result": "rerun", "decidedByHand": true,
                "reason": "nothing was done",
            ])
        let step = History(book.entries).runs()[0].steps.first
        #expect(step?.isByHand == true)
        #expect(step?.result == "rerun")
        #expect(step?.summary == "nothing was done")
    }

    @Test("what is no step of a plan is told as it is: adoptions, and an outcome or a run whose beginning is not there")
    func plain() {
        var book = Book()
        book.add(
            .adopted, epoch: 7, at: 100, "schema/main",
            ["facts": [["subject": "s", "name": "version", "value": "3"]]])
        book.add(
            .outcome, epoch: 7, at: 101, "schema/main", ["intent": 99, "action": "migrate", "result": "succeeded"])
        book.add(.accepted, epoch: 7, at: 102, "schema/main", ["intent": 98])
        let run = History(book.entries).runs()[0]
        #expect((run.user, run.host, run.command) == ("?", "?", "?"))
        #expect(run.steps.map(\.action) == ["adopted", "migrate"])
        #expect(run.steps.map(\.result) == [nil, "succeeded"])
        #expect(run.steps.map(\.summary) == ["version = 3", nil])
        #expect(run.steps.map(\.seconds) == [nil, nil])
    }

    @Test("runs are chosen by environment and by resource, newest first, also where two ran at the same time")
    func choice() {
        var book = Book()
        book.begin(1, at: 100)
        book.begin(2, at: 101, in: "f")
        for (epoch, environment) in [(Int64(1), "e"), (2, "f")] {
            book.add(.adopted, epoch: epoch, at: 102, "thing/\(environment)", in: environment)
            book.add(.adopted, epoch: epoch, at: 103, "thing/both", in: environment)
            book.add(.end, epoch: epoch, at: 104, nil, in: environment, ["exit": 0])
        }
        book.begin(3, at: 200)
        let history = History(book.entries)
        #expect(history.runs().map(\.epoch) == [3, 2, 1])
        #expect(history.runs().map(\.isOvertaken) == [false, false, true])
        #expect(history.runs(environment: "e").map(\.epoch) == [3, 1])
        #expect(history.runs(resource: ResourceID("thing", "both")).map(\.epoch) == [2, 1])
        #expect(history.runs(resource: ResourceID("thing", "e")).map(\.steps.count) == [1])
        #expect(history.runs(environment: "none").isEmpty)
    }

    @Test("durations are told of what succeeded within one run, with their median and the longest")
    func durations() {
        var book = Book()
        let ends = [("migrate", 30, "succeeded"), ("migrate", 50, "succeeded"), ("migrate", 900, "failed")]
        for (number, end) in (ends + [("mark", 1, "succeeded"), ("migrate", 31, "succeeded")]).enumerated() {
            let (epoch, began) = (Int64(number + 1), Int64(1_000 * (number + 1)))
            book.begin(epoch, at: began)
            let intent = book.add(.intent, epoch: epoch, at: began, "schema/main", ["action": .string(end.0)])
            book.add(
                .outcome, epoch: epoch, at: began + Int64(end.1), "schema/main",
                ["intent": .integer(intent), "action": .string(end.0), "result": .string(end.2)])
        }
        let begun = book.add(.intent, epoch: 5, at: 6_000, "schema/main", ["action": "migrate"])
        book.begin(6, at: 9_000)
        book.add(
            .outcome, epoch: 6, at: 9_000, "schema/main",
            ["intent": .integer(begun), "action": "migrate", "result": "succeeded"])
        #expect(
            StepDurations.all(of: History(book.entries).runs(), except: [.mark]) == [
                StepDurations(
                    resource: ResourceID("schema", "main"), action: "migrate", count: 3, median: 31, longest: 50)
            ])
    }

    @Test("a clock that was set back makes no negative duration")
    func clock() {
        var book = Book()
        book.begin(1, at: 100)
        let intent = book.add(.intent, epoch: 1, at: 90, "a/b", ["action": "update"])
        book.add(
            .outcome, epoch: 1, at: 80, "a/b",
            ["intent": .integer(intent), "action": "update", "result": "abandoned"])
        book.add(.end, epoch: 1, at: 70, nil, ["exit": 0])
        let run = History(book.entries).runs()[0]
        #expect(run.seconds == 0)
        #expect(run.steps.map(\.seconds) == [0])
    }
}
