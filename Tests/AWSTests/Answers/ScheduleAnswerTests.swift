import AWS
import JSON
import Testing
import Time

@Suite("An answer about rules and schedules")
struct ScheduleAnswerTests {
    private static func caller(_ transport: Canned) -> Caller {
        Caller(
            settings: Settings(
                region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")),
            transport: transport, clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero }))
    }

    private static func put(_ body: String) async throws(AWSError) -> [EventsClient.Refused] {
        try await EventsClient(caller(Canned(body))).put([["Id": "1"]], of: "nightly", bus: "default")
    }

    @Test("tells which targets were not taken, and one that contradicts itself tells nothing")
    func refused() async throws {
        #expect(try await Self.put(#"{"FailedEntryCount":0,"FailedEntries":[]}"#).isEmpty)
        let refused = try await Self.put(
            #"{"FailedEntryCount":1,"FailedEntries":[{"TargetId":"1","ErrorCode":"ConcurrentModificationException"}]}"#)
        #expect(refused.map(\.code) == ["ConcurrentModificationException"] && refused.map(\.target) == ["1"])
        for body in ["{}", #"{"FailedEntryCount":1,"FailedEntries":[]}"#, #"{"FailedEntryCount":"no"}"#] {
            let error = await #expect(throws: AWSError.self) { try await Self.put(body) }
            #expect(error?.kind == .malformed && error?.mayHaveHadEffect == true)
        }
    }

    @Test("without a list is none that says that nothing is there")
    func lists() async {
        for body in ["{}", #"{"Targets":{}}"#, #"{"Targets":[{"EcsParameters":{"TaskDefinitionArn":"app"}}]}"#] {
            await #expect(throws: AWSError.self) {
                _ = try await EventsClient(Self.caller(Canned(body))).tasks(of: "nightly", bus: "default")
            }
        }
        await #expect(throws: AWSError.self) {
            _ = try await SchedulerClient(Self.caller(Canned("{}"))).list(after: nil)
        }
        await #expect(throws: AWSError.self) { _ = try await StatesClient(Self.caller(Canned("{}"))).list(after: nil) }
    }

    @Test("has what the task's containers get in a text, and its values are hidden")
    func secrets() async throws {
        let input =
            #"{\"containerOverrides\":[{\"name\":\"app\",\"environment\":[{\"name\":\"KEY\",\"value\":\"hunter-22\"}]}]}"#
        let body = """
            {"Targets":[{"Id":"1","Arn":"arn:aws:ecs:us-east-1:1:cluster/c","Input":"\(input)",
              "EcsParameters":{"TaskDefinitionArn":"app:1"}}]}
            """
        let caller = Self.caller(Canned(body))
        #expect(try await EventsClient(caller).tasks(of: "nightly", bus: "default")?.map(\.definition) == ["app:1"])
        #expect(caller.secrets.hide(in: "it is hunter-22") == "it is ***")
    }
}
