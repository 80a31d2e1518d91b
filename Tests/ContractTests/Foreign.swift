import AWS
import Foundation
import JSON
import Support
import Testing
import Time

/// Our clients, pointed at a server that other people wrote.
struct Foreign {
    let server: ForeignServer
    let caller: Caller

    init(_ server: ForeignServer, credentials: Credentials, skew: Int64 = 0) throws {
        self.server = server
        let settings = Settings(
            region: "us-east-1", credentials: credentials, endpoint: try Endpoint(server.url))
        caller = Caller(
            settings: settings, transport: CurlTransport(userAgent: "reconcile-tests"),
            clock: ServerClock(
                machine: { Foreign.now.advanced(by: skew) }, elapsed: { .seconds(Int64(SystemTime.seconds)) }))
    }

    static var now: Timestamp { Timestamp(seconds: Int64(SystemTime.seconds)) }

    var ecs: ECSClient { ECSClient(caller) }
    var ecr: ECRClient { ECRClient(caller) }
    var logs: LogsClient { LogsClient(caller) }
    var sts: STSClient { STSClient(caller) }
    var lambda: LambdaClient { LambdaClient(caller) }

    /// The same server, asked with other keys.
    func signing(_ keys: any CredentialProvider) -> Caller {
        let settings = caller.settings
        return Caller(
            settings: settings.with(keys), transport: CurlTransport(userAgent: "reconcile-tests"),
            clock: ServerClock(machine: { Foreign.now }, elapsed: { .seconds(Int64(SystemTime.seconds)) }))
    }

    var fetcher: CredentialFetcher {
        CredentialFetcher(
            host: TokenHost(), transport: CurlTransport(userAgent: "reconcile-tests"), remaining: { nil },
            caller: { [self] keys in signing(keys) })
    }

    /// A machine with a token in a file. Its signature is not looked at by the servers here.
    private struct TokenHost: CredentialHost {
        var now: Timestamp { Foreign.now }
        func read(_ path: String) -> String? {
            let claims =
                #"{"iss":"https://issuer.example","sub":"system:serviceaccount:a:b","aud":"sts.amazonaws.com"}"#
            return ["{}", claims, "s"].map { Data($0.utf8).base64EncodedString() }.joined(separator: ".")
        }
        func replace(_ path: String, with text: String) {}
        func output(of command: String) -> String { "" }
    }

    /// Prepares the server with calls that the tool itself has no client for.
    @discardableResult
    func prepare(_ service: Service, _ operation: String, _ input: JSON) async throws -> JSON {
        try await caller.call(service, operation, input)
    }

    static let definition: JSON = [
        "family": "app", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [
            [
                "name": "app", "image": "repo:v1", "memory": 128, "essential": true,
                "environment": [["name": "A", "value": "é"], ["name": "EMPTY", "value": ""]],
                "portMappings": [["containerPort": 80]],
            ]
        ],
    ]

    /// An image in the registry; its digest as the server has it.
    func pushImage(tag: String) async throws {
        let manifest: JSON = [
            "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": [
                "mediaType": "application/vnd.docker.container.image.v1+json", "size": 1,
                "digest": .string("sha256:" + String(repeating: "1", count: 64)),
            ],
            "layers": [
                [
                    "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 1,
                    "digest": .string("sha256:" + String(repeating: "2", count: 64)),
                ]
            ],
        ]
        try await prepare(.ecr, "CreateRepository", ["repositoryName": "app"])
        try await prepare(
            .ecr, "PutImage",
            ["repositoryName": "app", "imageTag": .string(tag), "imageManifest": .string(manifest.compact)])
    }
}
