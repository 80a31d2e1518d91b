/// Looks for one failure in all campaigns: a few cases of each, then more, so that what is easy to find is found soon.
public struct Hunt: Sendable {
    private let suite: Suite
    private let rounds: Int

    /// How many cases of a campaign the first round plays; each round plays four times as many as the one before.
    private static let first = 60

    /// - Parameter rounds: the last round of all plays whatever is left.
    public init(_ suite: Suite, rounds: Int) {
        self.suite = suite
        self.rounds = rounds
    }

    /// - Parameters:
    ///   - folder: where the ledgers of a campaign are made.
    ///   - told: of each part that was played.
    /// - Returns: whether a promise was broken.
    public func run(
        width: Int, folder: (Suite.Campaign) -> String, told: (Report) -> Void
    ) async -> Bool {
        var lots: [(campaign: Suite.Campaign, cases: [Case]?)] = suite.campaigns.map { ($0, nil) }
        var size = Self.first
        var round = 0
        while !lots.isEmpty, round < rounds {
            for index in lots.indices {
                let (campaign, left) = lots[index]
                let folder = folder(campaign)
                let cases = if let left { left } else { await shuffled(campaign, folder) }
                let report = await Report.of(
                    campaign.name, Array(cases.prefix(size)), in: folder, width: width, most: 1)
                told(report)
                if !report.failures.isEmpty { return true }
                lots[index].cases = Array(cases.dropFirst(size))
            }
            lots.removeAll { $0.cases?.isEmpty ?? false }
            size *= 4
            round += 1
        }
        return false
    }

    /// Neighbours are alike: a few of a campaign should be from everywhere in it.
    private func shuffled(_ campaign: Suite.Campaign, _ folder: String) async -> [Case] {
        var generator = SeededGenerator(seed: 1)
        return await campaign.cases(folder).shuffled(using: &generator)
    }
}
