import Base

/// Which release this is in the order of all releases of an environment, such as the number of a CI run. Locks give exclusion
/// and no order: without it a slow run of an older commit lands last.
public struct ReleaseSequence: Sendable, Equatable {
    public let number: Int
    /// Whether a release may follow a newer one.
    public let allowsOlder: Bool

    public init(_ number: Int, allowsOlder: Bool = false) {
        self.number = number
        self.allowsOlder = allowsOlder
    }

    /// - Parameter last: the release that was applied last; nil if none is known.
    /// - Returns: why this one must not follow it; nil if it may.
    func refusal(after last: Int?, of resource: ResourceID) -> Failure? {
        guard let last, last > number, !allowsOlder else { return nil }
        return Failure(
            .releaseSuperseded, "release \(last) was applied already, and this is release \(number)", of: resource,
            hint: "if the older one is to replace it, add --allow-older: reconcile apply MANIFEST --sequence \(number) "
                + "--allow-older",
            cause: ["--sequence says in which order releases follow each other"])
    }
}
