/// A promise that was broken.
public struct Violation: Sendable, Equatable, CustomStringConvertible {
    /// The invariant, such as `S3`; docs/reliability.md has the list.
    public let invariant: String
    public let detail: String

    init(_ invariant: String, _ detail: String) {
        self.invariant = invariant
        self.detail = detail
    }

    public var description: String { "\(invariant): \(detail)" }
}
