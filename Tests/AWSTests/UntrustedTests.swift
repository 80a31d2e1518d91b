import JSON
import Synchronization
import Testing
import Time

@testable import AWS

/// What AWS writes for people may hold values of environments.
@Suite("A text of others")
struct UntrustedTests {
    /// Answers each call with the next of some answers.
    private final class Script: Transport {
        private let answers: Mutex<[(status: Int, body: String)]>

        init(_ answers: [(Int, String)]) { self.answers = Mutex(answers) }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let next = answers.withLock { $0.removeFirst() }
            return HTTPResponse(status: next.status, headers: [], body: Array(next.body.utf8))
        }
    }

    private func client(_ answers: [(Int, String)], token: String? = nil, secret: String = "s") -> ECSClient {
        ECSClient(
            Caller(
                settings: Settings(
                    region: "us-east-1",
                    credentials: Credentials(accessKeyID: "A", secretAccessKey: secret, sessionToken: token)),
                transport: Script(answers),
                clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero }),
                secrets: Secrets(harmless: ["VERSION"])))
    }

    private static let refusal = #"{"__type":"ClientException","message":"bad value canary-1 of 0042 in us-east-1"}"#
    private static let definition = #"""
        {"taskDefinition":{"taskDefinitionArn":"app:1","family":"app","revision":1,"containerDefinitions":[
        {"name":"a","image":"r","environment":[{"name":"PASSWORD","value":"canary-1"},{"name":"PASSWORD","value":"canary-2"},
        {"name":"AWS_REGION","value":"us-east-1"},{"name":"VERSION","value":"0042"}]}]}}
        """#

    private func run(_ client: ECSClient, environment: [String: String]) async throws {
        _ = try await client.runTask(
            RunTaskRequest(
                cluster: "c", taskDefinition: "app:1", container: "a", command: ["m"], environment: environment,
                taskRoleARN: nil, launch: LaunchSettings([:]), clientToken: "t", startedBy: "s", tags: [:]))
    }

    @Test("of an error shows no value of the request, and what is harmless as it is")
    func request() async throws {
        let client = client([(400, Self.refusal), (400, Self.refusal)])
        let definition: JSON = [
            "family": "a", "containerDefinitions": [["environment": [["name": "PASSWORD", "value": "canary-1"]]]],
        ]
        for body: () async throws -> Void in [
            { _ = try await client.registerTaskDefinition(definition, tags: [:]) },
            { try await self.run(client, environment: ["PASSWORD": "canary-1", "VERSION": "0042"]) },
        ] {
            let error = await #expect(throws: AWSError.self) { try await body() }
            #expect(error?.description.contains("ClientException: bad value *** of 0042 in us-east-1") == true)
        }
    }

    @Test("of an error shows no key that the call was signed with, and lets the words of an emulator's keys be")
    func signature() async throws {
        let canonical = "The Canonical String should have been\\nx-amz-security-token:a-long-session-token\\ntest"
        let client = client(
            [(403, "{\"__type\":\"SignatureDoesNotMatch\",\"message\":\"\(canonical)\"}")],
            token: "a-long-session-token", secret: "test")
        let error = await #expect(throws: AWSError.self) { try await self.run(client, environment: [:]) }
        let text = error?.description ?? ""
        #expect(text.contains("x-amz-security-token:***") && text.contains("test"), "\(text)")
    }

    @Test("of a task, a service and an error shows no value that an answer has brought, before it or after")
    func answers() async throws {
        let task = #"""
            {"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"STOPPED","stoppedReason":"canary-2 is gone",
            "containers":[{"name":"a","reason":"canary-1"}],"overrides":{"containerOverrides":[
            {"environment":[{"name":"X_TOKEN","value":"xyz"}]}]}}]}
            """#
        let service = #"""
            {"services":[{"serviceName":"web","serviceArn":"arn:service/c/web","clusterArn":"arn:cluster/c","status":"ACTIVE",
            "desiredCount":1,"runningCount":0,"pendingCount":0,"deployments":[{"id":"d","status":"PRIMARY","desiredCount":1,
            "taskDefinition":"app:1","runningCount":0,"pendingCount":0,"rolloutStateReason":"canary-2 xyz"}],
            "events":[{"id":"1","message":"canary-1 deployment failed"}]}]}
            """#
        let client = client([(200, task), (200, service), (200, Self.definition), (400, Self.refusal)])
        let stopped = try #require(try await client.describeTasks(cluster: "c", arns: ["arn:task/c/1"]).tasks.first)
        let web = try #require(try await client.describeServices(cluster: "c", names: ["web"]).services.first)
        // The values become known after the texts.
        _ = try await client.describeTaskDefinition("app:1")
        let refused = await #expect(throws: AWSError.self) { try await run(client, environment: [:]) }
        let shown = [
            stopped.stoppedReason, stopped.containers[0].reason, web.primary?.rolloutStateReason, web.events[0].message,
            refused?.message,
        ].map { "\($0!)" }
        #expect(
            shown == ["*** is gone", "***", "*** ***", "*** deployment failed", "bad value *** of 0042 in us-east-1"])
        #expect(web.events[0].isOfFailure)
        var dumped = ""
        dump((stopped, web, refused), to: &dumped)
        #expect(!dumped.contains("canary") && !String(reflecting: stopped).contains("canary"))
    }

    @Test(
        "of an answer that was not asked for is told without a value, and without what a terminal obeys",
        arguments: [
            #""startedBy":"canary-1""#, #""startedBy":"\u001b[2J""#, #""tags":[{"key":"t","value":"canary-1"}]"#,
            #""taskDefinitionArn":"canary-1:1""#, #""clusterArn":"arn:cluster/canary-1""#,
        ])
    func unasked(member: String) async throws {
        let task = #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"PENDING",\#(member)}]}"#
        let client = client([(200, Self.definition), (200, task)])
        _ = try await client.describeTaskDefinition("app:1")
        let error = await #expect(throws: AWSError.self) {
            _ = try await client.runTask(
                RunTaskRequest(
                    cluster: "c", taskDefinition: "app:1", container: "a", command: ["m"], environment: [:],
                    taskRoleARN: nil, launch: LaunchSettings([:]), clientToken: "t", startedBy: "s", tags: ["t": "v"]))
        }
        #expect(error?.description.contains("the answer has") == true, "\(member)")
        #expect(
            error?.description.contains { $0 == "\u{1B}" } == false && error?.description.contains("canary") == false)
    }
}
