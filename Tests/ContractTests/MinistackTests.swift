import AWS
import JSON
import Support
import Testing

/// Signatures, logs and registry digests, against ministack, which checks signatures.
@Suite("ministack", .enabled(if: ForeignServer.isThere("ministack"), "ministack is not installed"), .serialized)
struct MinistackTests {
    /// A server, and our clients with the keys of a user that was made there: the root key's signatures go unchecked.
    static func foreign(
        skew: Int64 = 0, change: (Credentials) -> Credentials = { $0 }
    ) async throws -> Foreign {
        let server = try ForeignServer.ministack()
        let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        for command in [
            ["create-user", "--user-name", "u"],
            ["put-user-policy", "--user-name", "u", "--policy-name", "p", "--policy-document", policy],
        ] {
            _ = try await aws(["iam"] + command, server)
        }
        let key = try JSON.parse(try await aws(["iam", "create-access-key", "--user-name", "u"], server))["AccessKey"]
        let credentials = Credentials(
            accessKeyID: key?["AccessKeyId"]?.string ?? "", secretAccessKey: key?["SecretAccessKey"]?.string ?? "")
        return try Foreign(server, credentials: change(credentials), skew: skew)
    }

    @discardableResult
    private static func aws(_ command: [String], _ server: ForeignServer) async throws -> String {
        let outcome = try await Outcome.of(
            "aws", command + ["--output", "json"],
            environment: [
                "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            ])
        try #require(outcome.exit == 0, "\(outcome.error)")
        return outcome.out
    }

    @Test("a right signature is taken, for JSON services and for the query protocol")
    func signed() async throws {
        let foreign = try await Self.foreign()
        try await foreign.prepare(.ecs, "CreateCluster", ["clusterName": "prod"])
        let revision = try await foreign.ecs.registerTaskDefinition(Foreign.definition, tags: ["k": "värde"])
        #expect(revision.family == "app")
        #expect(try await foreign.sts.identity().arn.hasPrefix("arn:aws:"))
    }

    @Test("a role's keys are given for a user's and for a token, and are good to sign with")
    func roles() async throws {
        let foreign = try await Self.foreign()
        let trust = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*"}]}"#
        let all = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        try await Self.aws(
            ["iam", "create-role", "--role-name", "r", "--assume-role-policy-document", trust], foreign.server)
        try await Self.aws(
            ["iam", "put-role-policy", "--role-name", "r", "--policy-name", "p", "--policy-document", all],
            foreign.server)
        let role = RoleRequest(arn: "arn:aws:iam::000000000000:role/r", session: "night")
        let keys = try #require(try await foreign.caller.settings.credentials.credentials())
        for source in [
            CredentialSource.role(role, from: .keys(keys, of: "a user")), .webIdentity(role, tokenFile: "/token"),
        ] {
            let given = try await foreign.fetcher.fetch(source)
            #expect(given.sessionToken != nil && (given.expiration.map { $0 > Foreign.now } ?? false))
            let arn = try await STSClient(foreign.signing(given)).identity().arn
            #expect(arn.hasSuffix("assumed-role/r/night"), "\(arn)")
        }
        let strange = CredentialSource.role(
            RoleRequest(arn: "arn:aws:iam::000000000000:role/none", session: "night"), from: .keys(keys, of: "a user"))
        await #expect(throws: CredentialsError.self) { try await foreign.fetcher.fetch(strange) }
    }

    @Test("a wrong secret is refused, and is told as denied access")
    func wrongSecret() async throws {
        let foreign = try await Self.foreign {
            Credentials(accessKeyID: $0.accessKeyID, secretAccessKey: $0.secretAccessKey + "x")
        }
        let error = await #expect(throws: AWSError.self) {
            try await foreign.ecs.listTaskDefinitions(family: "app")
        }
        #expect(error?.isAccessDenied == true)
    }

    @Test("an unknown session token is refused")
    func wrongToken() async throws {
        let foreign = try await Self.foreign {
            Credentials(
                accessKeyID: $0.accessKeyID, secretAccessKey: $0.secretAccessKey, sessionToken: "made-up")
        }
        let error = await #expect(throws: AWSError.self) {
            try await foreign.ecs.listTaskDefinitions(family: "app")
        }
        #expect(error?.isAccessDenied == true)
    }

    @Test("a clock two hours behind is refused once, and corrected by the server's Date for the next call")
    func skew() async throws {
        let foreign = try await Self.foreign(skew: -7_200)
        let error = await #expect(throws: AWSError.self) {
            try await foreign.ecs.listTaskDefinitions(family: "app")
        }
        #expect(error?.isClockSkewed == true)
        #expect(error?.isTransient == true)
        _ = try await foreign.ecs.listTaskDefinitions(family: "app")
    }

    @Test("a log stream is read to its end, and one that is not there is no error, unless its group is not there")
    func logs() async throws {
        let foreign = try await Self.foreign()
        let missing = await #expect(throws: AWSError.self) {
            try await foreign.logs.events(group: "g", stream: "s", after: nil, region: nil)
        }
        #expect(missing?.code == "ResourceNotFoundException")
        try await foreign.prepare(.logs, "CreateLogGroup", ["logGroupName": "g"])
        #expect(try await foreign.logs.events(group: "g", stream: "s", after: nil, region: nil) == nil)
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
        let foreign = try await Self.foreign()
        try await foreign.pushImage(tag: "v1")
        let registry = "000000000000"
        let found = try await foreign.ecr.digest(
            registry: registry, region: "us-east-1", repository: "app", tag: "v1")
        #expect(found?.count == 71)
        let missing = try await foreign.ecr.digest(
            registry: registry, region: "us-east-1", repository: "app", tag: "v9")
        #expect(missing == nil)
    }

    /// A function that says what it was given, and fails where it is told to.
    private static func makeFunction(_ server: ForeignServer) async throws {
        let folder = try Scratch.folder("function")
        let code = """
            def handler(event, context):
                print("up " + event["token"])
                if event["version"] == "bad":
                    raise ValueError("no")
                return {"schema": event["version"]}
            """
        try Scratch.write(code, to: folder + "/index.py")
        let zipped = try await Outcome.of("python3", ["-m", "zipfile", "-c", "f.zip", "index.py"], in: folder)
        try #require(zipped.exit == 0, "\(zipped.error)")
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"#
            + #""Action":"sts:AssumeRole"}]}"#
        try await aws(["iam", "create-role", "--role-name", "r", "--assume-role-policy-document", trust], server)
        try await aws(
            [
                "lambda", "create-function", "--function-name", "migrator", "--runtime", "python3.12", "--handler",
                "index.handler", "--role", "arn:aws:iam::000000000000:role/r", "--zip-file", "fileb://\(folder)/f.zip",
            ], server)
    }

    @Test("a function is invoked by its name and by its ARN: its answer, its error and its log come back")
    func functions() async throws {
        let foreign = try await Self.foreign()
        try await Self.makeFunction(foreign.server)
        for name in ["migrator", "arn:aws:lambda:us-east-1:000000000000:function:migrator", "migrator:$LATEST"] {
            let answer = try await foreign.lambda.invoke(name, ["token": "t", "version": "2"], timeout: 60_000)
            #expect(answer.functionError == nil && answer.returned == ["schema": "2"], "\(name)")
            #expect(answer.log?.contains("up t") == true)
        }
        let failed = try await foreign.lambda.invoke("migrator", ["token": "t", "version": "bad"], timeout: 60_000)
        #expect(failed.functionError == "Unhandled" && failed.returned["errorMessage"] == "no")
        let missing = await #expect(throws: AWSError.self) {
            try await foreign.lambda.invoke("nothing", [:], timeout: 60_000)
        }
        #expect(missing?.code == "ResourceNotFoundException" && missing?.mayHaveHadEffect == false)
    }
}
