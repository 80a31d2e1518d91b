import Base

/// How long the successful steps of one kind took, in seconds.
public struct StepDurations: Sendable, Equatable {
    public let resource: ResourceID
    public let action: String
    public let count: Int
    /// The middle one, of two the lesser.
    public let median: Int64
    public let longest: Int64

    /// Of all steps that one run has both started and ended; what a later run or a person has ended took no time of its own.
    ///
    /// - Parameter notes: the verbs of steps that are left out, because they keep no one waiting.
    /// - Returns: one for each resource and action, in the order in which they are met.
    public static func all(of runs: [HistoryRun], except notes: Set<Action> = []) -> [StepDurations] {
        var kinds: [Kind] = []
        var seconds: [Kind: [Int64]] = [:]
        for run in runs {
            for step in run.steps where !notes.contains(Action(step.action)) {
                guard let resource = step.resource, let took = step.seconds, step.result == "succeeded",
                    step.intentEpoch == run.epoch
                else { continue }
                let kind = Kind(resource: resource, action: step.action)
                if seconds[kind] == nil { kinds.append(kind) }
                seconds[kind, default: []].append(took)
            }
        }
        return kinds.compactMap { kind in
            guard let all = seconds[kind], let median = all.median, let longest = all.max() else { return nil }
            return StepDurations(
                resource: kind.resource, action: kind.action, count: all.count, median: median, longest: longest)
        }
    }

    private struct Kind: Hashable {
        let resource: ResourceID
        let action: String
    }
}

extension Collection where Element: Comparable {
    /// The middle one, of two the lesser; nil where there is none.
    fileprivate var median: Element? {
        isEmpty ? nil : sorted()[(count - 1) / 2]
    }
}
