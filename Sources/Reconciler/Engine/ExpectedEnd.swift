/// When something that is under way is likely to end, by how long it took before. Only the pace of looking depends on it.
public struct ExpectedEnd: Sendable, Equatable {
    /// Counted from the beginning of the wait; negative where it should have ended before.
    public let earliest: Duration
    public let latest: Duration

    /// What took longer was not one run's work, whatever a clock said.
    static let longest = Duration.seconds(24 * 3_600)
    /// Two runs of the same are never alike: nothing is known more exactly, and of what is shorter than two of them nothing.
    static let grain = Duration.milliseconds(100)

    public init(earliest: Duration, latest: Duration) {
        self.earliest = earliest
        self.latest = latest
    }

    /// Around the median, as far as the durations usually are from it: neither is moved by a few that are far off.
    ///
    /// - Parameter durations: of earlier ones, in any order. Impossible ones are passed over.
    /// - Returns: nil where they tell nothing.
    public init?(_ durations: [Duration]) {
        let possible = durations.filter { $0 >= .zero && $0 <= Self.longest }
        guard let median = possible.median, median >= Self.grain * 2,
            let deviation = possible.map({ $0 > median ? $0 - median : median - $0 }).median
        else { return nil }
        let reach = min(max(deviation * 3, median / 10, Self.grain), median / 2)
        self.init(earliest: median - reach, latest: median + reach)
    }

    /// The same for a wait that began later than what is waited for.
    func after(_ age: Duration) -> ExpectedEnd { ExpectedEnd(earliest: earliest - age, latest: latest - age) }
}
