import Base

/// What failed and was tried again, and why each time.
struct Tries: Sendable {
    private(set) var count = 0
    /// Each reason once, in the order in which they came.
    private var reasons: [String] = []
    /// More are a story and no reason.
    private static let shown = 5

    mutating func add(_ failure: Failure) {
        count += 1
        let reason = Self.reason(of: failure)
        reasons.removeAll { $0 == reason }
        reasons.append(reason)
    }

    /// On one line, with all that is said of the cause.
    static func reason(of failure: Failure) -> String {
        failure.cause.isEmpty ? failure.summary : "\(failure.summary): \(failure.cause.joined(separator: "; "))"
    }

    /// The failure that ends the tries, with the other reasons that there were before.
    func ending(with failure: Failure) -> Failure {
        let earlier = reasons.filter { $0 != Self.reason(of: failure) }.suffix(Self.shown)
        return failure.with { $0.cause += earlier.map { "before that: \($0)" } }
    }
}
