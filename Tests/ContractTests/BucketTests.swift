import AWS
import Base
import Foundation
import JSON
import Ledger
import Resources
import Support
import Testing

/// A ledger in buckets of servers that other people wrote: those that keep conditions on writes, and those that do not.
@Suite(
    "A bucket of a real server",
    .enabled(
        if: ForeignServer.isThere("ministack") && ForeignServer.isThere("nanio"),
        "the servers are not installed"))
struct BucketTests {
    private static func makeBucket(
        _ server: ForeignServer, _ key: String, _ secret: String, named name: String = "books", versioned: Bool
    ) async throws {
        let environment = [
            "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
        ]
        var commands = [["create-bucket", "--bucket", name]]
        if versioned {
            commands.append([
                "put-bucket-versioning", "--bucket", name, "--versioning-configuration", "Status=Enabled",
            ])
        }
        for command in commands {
            let made = try await Outcome.of("aws", ["s3api"] + command, environment: environment)
            try #require(made.exit == 0, "\(made.error)")
        }
    }

    private static func gateway() throws -> Foreign {
        let script = Project.root + "/Tests/ContractTests/radosgw.py"
        return try Foreign(
            try ForeignServer.radosgw(script, try Scratch.folder("radosgw") + "/ceph"),
            credentials: Credentials(accessKeyID: "test", secretAccessKey: "test"))
    }

    private static func store(_ caller: Caller, _ bucket: String = "books") -> BucketStore {
        let patience = ReadPatience(
            elapsed: { .seconds(Int64(SystemTime.seconds)) }, sleep: { try await Task.sleep(for: $0) }, jitter: { 0.5 },
            report: { _ in })
        return BucketStore(
            S3Bucket(caller, name: bucket, prefix: "shop/"), patience: patience,
            clock: EngineClock(ContinuousClock(), wall: { Foreign.now }))
    }

    private static func open(_ store: BucketStore) async throws -> Ledger? {
        try await Ledger.shared(
            store, copy: try Scratch.folder("bucket") + "/copy.sqlite", isMade: true,
            background: Beside(), entropy: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })
    }

    @Test(
        "of sixteen machines that append at once each entry is there once",
        arguments: [("ministack, versioned", 8)] + (ForeignServer.isThere("radosgw") ? [("radosgw", 125)] : []))
    func race(name: String, rounds: Int) async throws {
        let isCeph = name == "radosgw"
        let foreign = try await isCeph ? Self.gateway() : MinistackTests.foreign()
        try await Self.makeBucket(foreign.server, "test", "test", versioned: !isCeph)
        let caller = foreign.caller
        if isCeph {
            // It keeps no conditions there.
            try await Self.makeBucket(foreign.server, "test", "test", named: "versions", versioned: true)
            let failure = await #expect(throws: Failure.self) { try await Self.open(Self.store(caller, "versions")) }
            #expect(failure?.code == .ledgerStoreUnfit, "\(failure?.summary ?? "") \(failure?.cause ?? [])")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for machine in 0..<16 {
                group.addTask {
                    let ledger = try #require(try await Self.open(Self.store(caller)))
                    let run = try await ledger.begin(
                        ["command": "apply"], environment: "e\(machine)", time: Foreign.now, awsTime: nil)
                    for round in 0..<rounds {
                        let order: JSON = [
                            "action": "migrate", "subject": "s", "reason": "r", "order": [:],
                        ]
                        let name = "\(machine)-\(round)"
                        let resource = ResourceID("schema", "s\(name)")
                        let intent = try await ledger.append(
                            Draft(.intent, resource, token: name, payload: order), of: run, time: Foreign.now,
                            awsTime: nil)
                        try await ledger.append(
                            Draft(
                                .outcome, resource, token: name,
                                payload: [
                                    "intent": .integer(Int(intent.sequence)), "action": "migrate",
                                    "result": "succeeded", "facts": [],
                                ]), of: run, time: Foreign.now, awsTime: nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        let path = try Scratch.folder("bucket") + "/whole.sqlite"
        try await Ledger.copyWhole(of: Self.store(caller), to: path) { count in Array(repeating: 7, count: count) }
        let reader = try LedgerReader(path: path)
        var tokens: [String] = []
        var epochs: Set<Int64> = []
        try reader.entries { entry, _ in
            epochs.insert(entry.epoch)
            if entry.kind == .intent { tokens.append(entry.token) }
        }
        #expect(tokens.count == 16 * rounds && Set(tokens).count == 16 * rounds)
        #expect(epochs.subtracting([0]).count == 16)
        _ = try reader.verify()
    }

    @Test(
        "that ignores a condition is refused before a ledger is made there, and is told which one",
        arguments: [("nanio", "If-None-Match"), ("rclone", "If-None-Match"), ("localbucket", "If-Match")])
    func refused(program: String, ignored: String) async throws {
        let folder = try Scratch.folder(program)
        let server = try ForeignServer.careless(program, folder)
        let foreign = try Foreign(server, credentials: Credentials(accessKeyID: "x", secretAccessKey: "y"))
        try await Self.makeBucket(server, "x", "y", versioned: false)
        let failure = await #expect(throws: Failure.self) { try await Self.open(Self.store(foreign.caller)) }
        #expect(failure?.code == .ledgerStoreUnfit, "\(failure?.summary ?? "") \(failure?.cause ?? [])")
        #expect(failure?.cause.first?.contains(ignored) == true, "\(failure?.cause ?? [])")
        #expect(try await Self.store(foreign.caller).get("ledger.json") == nil)
    }
}

/// Tasks beside a test.
private struct Beside: Background {
    func start(_ body: @escaping @Sendable () async -> Void) -> @Sendable () -> Void {
        let task = Task.detached { await body() }
        return { task.cancel() }
    }

    func finish<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        await Task { await body() }.value
    }
}
