import AWS
import JSON
import Synchronization
import Testing
import Time

@testable import Base
@testable import Ledger
@testable import Manifest
@testable import Reconciler
@testable import Resources

/// An invocation of its own for a runner: an empty ledger in memory, AWS's time as a test sets it, and what was told.
final class RunnerFixture: Sendable {
    static let id = ResourceID("schema", "main")
    /// When the intents of the tests were recorded.
    static let began = Timestamp(seconds: 1_000_000)

    private let told = Mutex<[String]>([])
    let ledger: Ledger
    let cache = MemoryCache()

    init() throws {
        ledger = try Ledger(.memory) { [UInt8](repeating: 7, count: $0) }
    }

    /// The log's lines that were shown.
    var lines: [String] { told.withLock { $0 } }

    func context(awsTime: @escaping @Sendable () -> Timestamp? = { RunnerFixture.began }) -> Context {
        Context(
            environment: "test", ledger: ledger, cache: cache,
            clock: EngineClock(ContinuousClock(), wall: { Self.began }), awsTime: awsTime, jitter: { 0 },
            emit: { event in if case .log(_, let line) = event { self.told.withLock { $0.append(line) } } })
    }

    static func spec(
        _ runner: MigrateSpec.Runner, version: SchemaSpec.Version = .declared("0002"), timeout: Duration = .seconds(60)
    ) -> SchemaSpec {
        SchemaSpec(
            database: "main", version: version, order: .opaque, accepts: .exact,
            migrate: MigrateSpec(
                runner: runner, command: ["up", "all"], environment: ["PASSWORD": "canary-1"], taskRoleARN: nil,
                timeout: timeout, rerunnable: false, service: nil, launch: LaunchOverrides()),
            probe: nil)
    }

    static func order(_ runner: RunnerOrder, version: String = "0002") -> MigrationOrder {
        MigrationOrder(
            of: MigrationIdentity(clusterARN: "c", database: "main", version: version), isImage: false, attempt: 1,
            from: nil, declared: .none,
            revision: "", container: "app", command: "", environmentNames: [], runner: runner)
    }

    /// A migration as the ledger has it open.
    ///
    /// - Parameter receipt: what it has of the answer; nil if there was none.
    static func step(_ runner: RunnerOrder, answered receipt: ProgramReceipt? = nil) throws -> MigrationStep {
        var order = order(runner).json
        order["action"] = "migrate"
        let intent = Intent(
            sequence: 12, resource: id, environment: "test", action: .migrate, token: "0123456789abcdef",
            awsTime: began, subject: nil, order: try JSON.parse(order.canonical),
            acceptance: try receipt.map { try JSON.parse($0.json.canonical) })
        return try #require(MigrationStep(intent))
    }

    /// What follows from an end, in a few words.
    static func verdict(_ look: ObservedMigration) -> String {
        switch look {
        case .running(let state): return "running: \(state)"
        case .unanswered: return "unanswered"
        case .gone(let why, _): return "gone: \(why)"
        case .closing: return "closing"
        case .ended(let end):
            let wanted = WantedVersion(of: order(.task), spec(.process))
            switch MigrationVerdict.judge(end, rerunnable: false, wanted: wanted, isFirst: true, of: id) {
            case .succeeded(let version): return "succeeded" + (version.map { " at \($0)" } ?? "")
            case .failed(let failure, let version):
                return failure.code.rawValue + (version.map { ", at \($0)" } ?? "")
            case .undecided(let failure):
                return failure.summary.replacing(
                    "could not determine whether the migration succeeded", with: "undecided")
            }
        }
    }
}
