import Base

/// How often a write whose end is not known is sent again. Each time the object was looked at, and was not there or as before.
struct WritePatience {
    private let store: any ObjectStore
    private var tries = 0

    /// With longer and longer pauses, about 10 seconds together, as for a reading.
    private static let most = 6
    /// About two minutes: the store asks for time.
    private static let mostThrottled = 28

    init(_ store: any ObjectStore) { self.store = store }

    /// Waits until the write may be sent again.
    ///
    /// - Throws: ``Failure`` with what the store has said last, once that was too often or no time is left.
    mutating func wait(after result: WriteResult) async throws(Failure) {
        let failure: Failure =
            if case .unknown(let failure) = result { failure } else { LedgerFailure.contended(store.url) }
        tries += 1
        guard tries < (failure.code == .awsThrottled ? Self.mostThrottled : Self.most) else { throw failure }
        try await store.pause(tries, after: failure)
    }

    /// Reads what became of a write.
    ///
    /// - Throws: ``Failure`` of the write where both have failed: it came first.
    func look(at name: String, after result: WriteResult) async throws(Failure) -> StoredObject? {
        do { return try await store.get(name) } catch {
            if case .unknown(let failure) = result, error.code != .interrupted { throw failure }
            throw error
        }
    }
}
