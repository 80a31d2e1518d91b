import Base

/// What several manifests want to know, read once: whoever asks first reads, and those who ask meanwhile wait for his answer.
actor SharedReading<Key: Hashable & Sendable, Value: Sendable> {
    private typealias Waiter = CheckedContinuation<Result<Value, Failure>, Never>

    private enum State {
        case reading([Waiter])
        case known(Value)
    }

    private var states: [Key: State] = [:]

    /// - Parameter read: asked once for each key, until it has an answer: all who wait get a failure, and it is not kept.
    func value(
        _ key: Key, read: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        switch states[key] {
        case .known(let value): return value
        case .reading(let waiters):
            return try await withCheckedContinuation { states[key] = .reading(waiters + [$0]) }.get()
        case nil: break
        }
        states[key] = .reading([])
        do {
            let value = try await read()
            answer(key, .success(value))
            return value
        } catch {
            answer(key, .failure(error))
            throw error
        }
    }

    private func answer(_ key: Key, _ result: Result<Value, Failure>) {
        if case .reading(let waiters) = states[key] { for waiter in waiters { waiter.resume(returning: result) } }
        if case .success(let value) = result { states[key] = .known(value) } else { states[key] = nil }
    }
}
