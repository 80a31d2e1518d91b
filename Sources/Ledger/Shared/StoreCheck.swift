import Base

/// Tries on the store itself whether it keeps the conditions on which a shared ledger and its leases stand. Some servers that
/// speak S3 take the headers and ignore them; then two writers would both be told that they won.
struct StoreCheck {
    let sharing: Sharing

    private var store: any ObjectStore { sharing.store }

    /// How often it begins anew where an answer was lost, or another write was in the middle.
    private static let tries = 4

    /// - Throws: ``Failure`` with code `ledger-store-unfit` that names what the store has ignored.
    func run() async throws(Failure) {
        var last: Failure?
        for attempt in 1...Self.tries {
            do { return try await once() } catch let error as Doubt {
                last = error.failure
                try await store.pause(attempt, after: error.failure)
            } catch {
                throw error as? Failure ?? unfit("\(error)")
            }
        }
        throw last ?? unfit("it did not answer")
    }

    /// What says nothing about the store.
    private struct Doubt: Error { let failure: Failure }

    private func once() async throws {
        let name = "checks/\(sharing.random())"
        let first = try await written(name, .absent)
        guard let first else { throw Doubt(failure: unfit("it refused to create an object")) }
        if try await written(name, .absent) != nil {
            throw unfit("a second object of the same name was created (If-None-Match)")
        }
        guard let second = try await written(name, .unchanged(first)) else {
            throw Doubt(failure: unfit("it refused to replace an object that is as it was read (If-Match)"))
        }
        if try await written(name, .unchanged(first)) != nil {
            throw unfit("an object that had changed meanwhile was replaced (If-Match)")
        }
        guard try await store.get(name)?.version == second else {
            throw unfit("what was written last is not what is read")
        }
    }

    /// - Returns: the version; nil where the store refused.
    private func written(_ name: String, _ condition: WriteCondition) async throws -> String? {
        switch try await store.put(name, body, if: condition) {
        case .written(let version): version
        case .conflict: nil
        case .unknown(let failure): throw Doubt(failure: failure)
        }
    }

    /// New each time, so that each writing has an ETag of its own.
    private var body: [UInt8] { Array("{\"check\":\"\(sharing.random())\"}\n".utf8) }

    private func unfit(_ why: String) -> Failure {
        Failure(
            .ledgerStoreUnfit, "\(store.url) cannot hold a ledger: its store does not keep conditions on writes",
            hint:
                "use a bucket of Amazon S3; other servers must keep If-None-Match and If-Match, and some do so only in buckets "
                + "without versions",
            cause: [why])
    }
}
