/// What a campaign came to.
public struct Report: Sendable {
    public let name: String
    public private(set) var plays = 0
    public private(set) var tally = Tally()
    /// One line for each failure: where, the first broken invariant, how to play it again.
    public private(set) var failures: [String] = []

    init(_ name: String) { self.name = name }

    private mutating func add(_ played: Case, _ outcome: Play.Outcome) {
        plays += 1
        tally.add(outcome.tally)
        guard let first = outcome.violations.first else { return }
        failures.append("seed \(played.seed), \(played.scenario.name): \(first); replay: simulate \(played.replay)")
    }

    private mutating func add(_ other: Report) {
        plays += other.plays
        tally.add(other.tally)
        failures += other.failures
    }

    /// Plays all cases, some at a time.
    ///
    /// - Parameters:
    ///   - folder: below it each play makes a folder of its own.
    ///   - width: how many at a time.
    ///   - most: failures after which there is nothing more to learn.
    public static func of(
        _ name: String, _ cases: [Case], in folder: String, width: Int, most: Int = 20
    ) async -> Report {
        await withTaskGroup(of: Report.self) { group in
            for worker in 0..<width {
                group.addTask {
                    var report = Report(name)
                    for index in stride(from: worker, to: cases.count, by: width) {
                        report.add(cases[index], await cases[index].play(in: "\(folder)/\(worker)"))
                        if report.failures.count >= most { break }
                    }
                    return report
                }
            }
            var whole = Report(name)
            for await part in group { whole.add(part) }
            return whole
        }
    }
}
