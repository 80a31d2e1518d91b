import Synchronization

@testable import Base
@testable import Ledger

/// A store in memory that decides as S3 does, and can lose answers, let requests arrive late, and list what was there before.
final class FakeStore: ObjectStore {
    /// What becomes of a write's answer.
    enum Trouble: Sendable {
        /// It is written, and no one hears of it.
        case lostAnswer
        /// It never arrives.
        case lostRequest
        /// It arrives with the next write.
        case late
        /// The store says that another write was in the middle.
        case busy
    }

    struct State {
        var objects: [String: StoredObject] = [:]
        var version = 0
        var requests: [String] = []
        var late: [(name: String, body: [UInt8], condition: WriteCondition)] = []
        /// By the number of the write, from 1.
        var troubles: [Int: Trouble] = [:]
        var writes = 0
        /// How many of the newest names a list lacks.
        var lag = 0
        var age: Duration?
        var gets = 0
        var onGet: (@Sendable (Int) async -> Void)?
    }

    /// How old objects are, as the store says.
    var age: Duration? {
        get { state.withLock(\.age) }
        set { state.withLock { $0.age = newValue } }
    }

    /// Is told of each reading, by its number.
    var onGet: (@Sendable (Int) async -> Void)? {
        get { state.withLock(\.onGet) }
        set { state.withLock { $0.onGet = newValue } }
    }

    let url = "s3://bucket/prod/"
    private let state = Mutex(State())

    func use<Result>(_ body: (inout State) throws -> sending Result) rethrows -> sending Result {
        try state.withLock(body)
    }

    func get(_ name: String) async throws(Failure) -> StoredObject? {
        let (number, hook) = state.withLock { state in
            state.gets += 1
            return (state.gets, state.onGet)
        }
        await hook?(number)
        await Task.yield()
        return state.withLock { state in
            state.requests.append("GET \(name)")
            return state.objects[name].map { StoredObject(body: $0.body, version: $0.version, age: state.age) }
        }
    }

    func names(beginningWith start: String, after name: String) async throws(Failure) -> [String] {
        state.withLock { state in
            state.requests.append("LIST")
            let all = state.objects.keys.filter { $0.hasPrefix(start) }.sorted()
            return Array(all.dropLast(state.lag).filter { $0 > name }.prefix(1_000))
        }
    }

    func put(_ name: String, _ body: [UInt8], if condition: WriteCondition) async throws(Failure) -> WriteResult {
        let result = decide(name, body, condition)
        // Written, and not known yet.
        for _ in 0..<5 { await Task.yield() }
        return result
    }

    private func decide(_ name: String, _ body: [UInt8], _ condition: WriteCondition) -> WriteResult {
        state.withLock { state in
            state.requests.append("PUT \(name)")
            state.writes += 1
            for write in state.late { _ = Self.decide(write.name, write.body, write.condition, &state) }
            state.late = []
            let unknown = WriteResult.unknown(Failure(.awsUnreachable, "no answer", hint: "wait"))
            switch state.troubles[state.writes] {
            case .lostRequest: return unknown
            case .busy: return .conflict
            case .late:
                state.late.append((name, body, condition))
                return unknown
            case .lostAnswer:
                _ = Self.decide(name, body, condition, &state)
                return unknown
            case nil: return Self.decide(name, body, condition, &state)
            }
        }
    }

    func pause(_ tries: Int, after failure: Failure) async throws(Failure) { await Task.yield() }

    /// Beside a test, as beside a run.
    struct Tasks: Background {
        func start(_ body: @escaping @Sendable () async -> Void) -> @Sendable () -> Void {
            let task = Task.detached { await body() }
            return { task.cancel() }
        }

        func finish<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
            await Task { await body() }.value
        }
    }

    private static func decide(
        _ name: String, _ body: [UInt8], _ condition: WriteCondition, _ state: inout State
    ) -> WriteResult {
        let known = state.objects[name]
        switch condition {
        case .absent where known != nil: return .conflict
        case .unchanged(let version) where known?.version != version: return .conflict
        default: break
        }
        state.version += 1
        state.objects[name] = StoredObject(body: body, version: "\"\(state.version)\"")
        return .written(version: "\"\(state.version)\"")
    }
}
