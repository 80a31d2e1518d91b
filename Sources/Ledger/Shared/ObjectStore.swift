import Base
import Hashing

/// What a shared ledger needs of the store that keeps it: objects under names, and conditions on writing them that the store
/// itself decides.
public protocol ObjectStore: Sendable {
    /// For messages: `s3://BUCKET/PREFIX`.
    var url: String { get }

    /// Reads an object; nil if it does not exist.
    func get(_ name: String) async throws(Failure) -> StoredObject?

    /// Writes an object, once: nothing beneath sends it again.
    ///
    /// - Throws: ``Failure`` where it is certain that nothing was written.
    func put(_ name: String, _ body: [UInt8], if condition: WriteCondition) async throws(Failure) -> WriteResult

    /// Names of objects that begin so, after a name, in order. At most 1,000; the newest ones may be missing.
    func names(beginningWith start: String, after name: String) async throws(Failure) -> [String]

    /// Waits before a write is tried again, the longer the more often it was tried.
    ///
    /// - Throws: ``Failure`` where no time is left for that, which names what has failed.
    func pause(_ tries: Int, after failure: Failure) async throws(Failure)
}

/// An object as it was read.
public struct StoredObject: Sendable, Equatable {
    public let body: [UInt8]
    /// What tells it from every other object that had this name.
    public let version: String
    /// How long ago it was written, by the store's own clock; nil if that is not known.
    public let age: Duration?

    public init(body: [UInt8], version: String, age: Duration? = nil) {
        self.body = body
        self.version = version
        self.age = age
    }
}

/// What must be so when an object is written.
public enum WriteCondition: Sendable, Equatable {
    /// There is none of this name.
    case absent
    /// It is still this version.
    case unchanged(String)
    case none
}

/// What the store said of a write.
public enum WriteResult: Sendable, Equatable {
    case written(version: String)
    /// The condition did not hold, or another write was in the middle: only reading the object tells whose it is.
    case conflict
    /// Whether it was written is not known.
    case unknown(Failure)
}

/// What is shared of a ledger beyond its entries.
struct Sharing: Sendable {
    let store: any ObjectStore
    let entropy: @Sendable (Int) -> [UInt8]
    let background: any Background

    /// 32 digits, new each time.
    var random: @Sendable () -> String { { Hex.encode(entropy(16)) } }
}

/// Where work goes on that is not cancelled together with the run.
public protocol Background: Sendable {
    /// Starts a task beside the run.
    ///
    /// - Returns: what cancels it.
    func start(_ body: @escaping @Sendable () async -> Void) -> @Sendable () -> Void

    /// Does something to its end, although this task may be cancelled meanwhile: a signal must not cut off what the ledger is
    /// just being told.
    func finish<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result
}

/// For a copy of a ledger: it holds no lease, and where it is cut off the next one goes on.
struct Foreground: Background {
    func start(_: @escaping @Sendable () async -> Void) -> @Sendable () -> Void { {} }

    func finish<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result { await body() }
}
