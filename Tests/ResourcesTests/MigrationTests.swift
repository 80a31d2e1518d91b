import JSON
import Testing

@testable import AWS
@testable import Manifest
@testable import Resources

@Suite("Migrations")
struct MigrationTests {
    static func launch(_ service: String, _ declared: LaunchOverrides = .init()) throws -> LaunchSettings {
        MigrationLaunch.settings(of: LaunchSettings(try JSON.parse(service)), declared: declared)
    }

    @Test("run where their service runs, and never on capacity that may be taken away")
    func capacity() throws {
        let spot = try Self.launch(
            #"{"capacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","weight":1}],"platformVersion":"1.4.0"}"#)
        #expect(spot.launchType == "FARGATE")
        #expect(spot.capacityProviderStrategy == nil)
        let own = try Self.launch(#"{"capacityProviderStrategy":[{"capacityProvider":"mine","weight":1}]}"#)
        #expect(own.launchType == nil)
        #expect(own.capacityProviderStrategy?.elements.count == 1)
        let ec2 = try Self.launch(#"{"launchType":"EC2","platformVersion":"LATEST"}"#)
        #expect(ec2.platformVersion == nil)
        let declared = try Self.launch(
            #"{"launchType":"FARGATE"}"#,
            LaunchOverrides(capacityProviderStrategy: [["capacityProvider": "mine"]]))
        #expect(declared.launchType == nil)
    }

    @Test("are known by cluster, database and version, and an attempt has a token of its own")
    func identity() {
        let one = MigrationIdentity(clusterARN: "c", database: "d", version: "1")
        let other = MigrationIdentity(clusterARN: "c", database: "d", version: "2")
        #expect(one.token(attempt: 1) == one.token(attempt: 1))
        #expect(Set([one.token(attempt: 1), one.token(attempt: 2), other.token(attempt: 1)]).count == 3)
        #expect(one.token(attempt: 1, declared: .none) == one.token(attempt: 1))
        #expect(one.token(attempt: 1, declared: Declaration(number: 1, version: "1")) != one.token(attempt: 1))
        #expect(one.token(attempt: 1).count == 64)
        #expect(one.startedBy == other.startedBy)
        #expect(one.startedBy.count == 42)
    }

    @Test("show lines without the values that must stay secret, and without control characters")
    func mask() {
        let mask = Mask([
            "PASSWORD": "pw1", "DB_USER": "admin", "PIN": "12345", "RETRIES": "3", "DEBUG": "true",
            "TLS_PRIVATE_KEY": "BEGIN\nMIICx\nEND\n",
        ])
        #expect(mask.apply("admin with pw1, 12345, 3 times, true") == "*** with ***, ***, 3 times, true")
        #expect(["BEGIN", "MIICx", "END"].map(mask.apply) == ["***", "***", "***"])
        #expect(mask.apply("a\u{1B}[31mred\u{7}\tb\u{202E}") == "a\\u{1b}[31mred\\u{7}\tb\\u{202e}")
        #expect(mask.apply(String(repeating: "x", count: 5_000)).count == 2_000)
    }

    @Test("the request names the exact revision and overrides one container's command")
    func request() throws {
        let request = RunTaskRequest(
            cluster: "c", taskDefinition: "arn:td:5", container: "app", command: ["db-migrate"],
            environment: ["B": "2", "A": "1"], taskRoleARN: "arn:role",
            launch: try Self.launch(#"{"launchType":"FARGATE"}"#),
            clientToken: "t", startedBy: "s", tags: ["k": "v"])
        #expect(
            request.json.canonical
                == #"{"clientToken":"t","cluster":"c","count":1,"launchType":"FARGATE","overrides":{"containerOverrides":[{"command":["db-migrate"],"environment":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"name":"app"}],"taskRoleArn":"arn:role"},"startedBy":"s","tags":[{"key":"k","value":"v"}],"taskDefinition":"arn:td:5"}"#
        )
    }
}
