import Base
import JSON
import Reconciler

/// What was read of revisions before, of the AWS that is asked now.
///
/// An emulator that was started again has other revisions by the same ARNs. So what is kept is next to the moment in which
/// the manifest's first service was created; where that is not known, nothing is kept.
public struct RevisionCache: Sendable {
    private let cache: any AWSCache
    private let services: ServiceReader
    private let service: String

    /// - Parameter service: the name of the manifest's first one.
    public init(_ cache: any AWSCache, services: ServiceReader, service: String) {
        self.cache = cache
        self.services = services
        self.service = service
    }

    func kept(_ key: String) async throws(Failure) -> JSON? { try await full(key).flatMap(cache.kept) }

    func keep(_ value: JSON, as key: String) async throws(Failure) {
        if let key = try await full(key) { cache.keep(value, as: key) }
    }

    private func full(_ key: String) async throws(Failure) -> String? {
        try await services.known(service).createdAt.map { "\($0) \(key)" }
    }
}
