import Testing

/// Lets a few test cases run at a time. All at once would be a hundred programs, and other suites have deadlines.
struct FewAtATime: SuiteTrait, TestTrait, TestScoping {
    private static let gate = Gate(3)

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable @concurrent () async throws -> Void
    ) async throws {
        // The scopes of the suite and of the test are around those of its cases.
        guard testCase != nil else { return try await body() }
        await Self.gate.enter()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await Self.gate.leave()
        try result.get()
    }
}

extension Trait where Self == FewAtATime {
    static var fewAtATime: Self { Self() }
}

private actor Gate {
    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ places: Int) { self.places = places }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        // Whoever waits takes the place that is left.
        if waiting.isEmpty {
            places += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
