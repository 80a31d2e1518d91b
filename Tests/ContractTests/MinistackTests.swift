import AWS
import JSON
import Support
import Testing

/// Signatures, logs and registry digests, against ministack, which checks signatures.
@Suite("ministack", .enabled(if: ForeignServer.isThere("ministack"), "ministack is not installed"), .serialized)
struct MinistackTests {
    static let good = Credentials(accessKeyID: "test", secretAccessKey: "test")

    static func foreign(_ credentials: Credentials = good, skew: Int64 = 0) throws -> Foreign {
        try Foreign(.ministack(), credentials: credentials, skew: skew)
    }

    @Test("a right signature is taken, for JSON services and for the query protocol")
    func signed() async throws {
        let foreign = try Self.foreign()
        try await foreign.prepare(.ecs, "CreateCluster", ["clusterName": "prod"])
        let revision = try await foreign.ecs.registerTaskDefinition(Foreign.definition, tags: ["k": "värde"])
        #expect(revision.family == "app")
        #expect(try await foreign.sts.callerARN().hasPrefix("arn:aws:"))
    }

    @Test("a wrong secret is refused, and is told as denied access")
    func wrongSecret() async throws {
        let foreign = try Self.foreign(Credentials(accessKeyID: "test", secretAccessKey: "wrong"))
        let error = await #expect(throws: AWSError.self) {
            try await foreign.ecs.listTaskDefinitions(family: "app")
        }
        #expect(error?.isAccessDenied == true)
    }

    @Test("an unknown session token is refused")
    func wrongToken() async throws {
        let foreign = try Self.foreign(
            Credentials(accessKeyID: "test", secretAccessKey: "test", sessionToken: "made-up"))
        let error = await #expect(throws: AWSError.self) {
            try await foreign.ecs.listTaskDefinitions(family: "app")
        }
        #expect(error?.isAccessDenied == true)
    }

    @Test("a clock two hours behind is refused once, and corrected by the server's Date for the next call")
    func skew() async throws {
        let foreign = try Self.foreign(skew: -7_200)
        let error = await #expect(throws: AWSError.self) {
            try await foreign.ecs.listTaskDefinitions(family: "app")
        }
        #expect(error?.isClockSkewed == true)
        #expect(error?.isTransient == true)
        _ = try await foreign.ecs.listTaskDefinitions(family: "app")
    }

    @Test("a log stream is read to its end, and one that is not there is no error")
    func logs() async throws {
        let foreign = try Self.foreign()
        let missing = try await foreign.logs.events(group: "g", stream: "s", after: nil, region: nil)
        #expect(missing == nil)
        try await foreign.prepare(.logs, "CreateLogGroup", ["logGroupName": "g"])
        try await foreign.prepare(.logs, "CreateLogStream", ["logGroupName": "g", "logStreamName": "s"])
        try await foreign.prepare(
            .logs, "PutLogEvents",
            [
                "logGroupName": "g", "logStreamName": "s",
                "logEvents": [
                    ["timestamp": .integer(SystemTime.seconds * 1_000), "message": "first"],
                    ["timestamp": .integer(SystemTime.seconds * 1_000 + 1), "message": "zweite é"],
                ],
            ])
        let page = try #require(try await foreign.logs.events(group: "g", stream: "s", after: nil, region: nil))
        #expect(page.events.map(\.message) == ["first", "zweite é"])
        let end = try #require(try await foreign.logs.events(group: "g", stream: "s", after: page.next, region: nil))
        #expect(end.events.isEmpty)
    }

    @Test("a tag has the digest of its manifest; a tag that is not there has none")
    func digest() async throws {
        let foreign = try Self.foreign()
        try await foreign.pushImage(tag: "v1")
        let registry = "000000000000"
        let found = try await foreign.ecr.digest(
            registry: registry, region: "us-east-1", repository: "app", tag: "v1")
        #expect(found?.count == 71)
        let missing = try await foreign.ecr.digest(
            registry: registry, region: "us-east-1", repository: "app", tag: "v9")
        #expect(missing == nil)
    }
}
