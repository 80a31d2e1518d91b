import JSON
import Synchronization

/// What AWS has answered and never changes, kept for later runs on this machine. All of it may be gone at any time, and nothing
/// is wrong without it: it only saves calls.
public protocol AWSCache: Sendable {
    /// What was kept under a key.
    func kept(_ key: String) -> JSON?

    func keep(_ value: JSON, as key: String)
}

/// A cache that ends with the process.
public final class MemoryCache: AWSCache {
    private let values = Mutex<[String: JSON]>([:])

    public init() {}

    public func kept(_ key: String) -> JSON? { values.withLock { $0[key] } }

    public func keep(_ value: JSON, as key: String) { values.withLock { $0[key] = value } }
}

/// The part of a cache that is about one AWS: another endpoint has other things by the same names.
public struct CachePart: AWSCache {
    private let whole: any AWSCache
    private let name: String

    /// - Parameter name: of the endpoint.
    public init(_ whole: any AWSCache, _ name: String) {
        self.whole = whole
        self.name = name
    }

    public func kept(_ key: String) -> JSON? { whole.kept("\(name) \(key)") }

    public func keep(_ value: JSON, as key: String) { whole.keep(value, as: "\(name) \(key)") }
}
