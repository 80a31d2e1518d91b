import Base

/// The ordered changes with their reasons; converged where nothing is left to do.
public struct Plan: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        public let resource: ResourceID
        public let change: Change
        /// The dependencies that still have to change first.
        public let heldBy: [ResourceID]

        public init(resource: ResourceID, change: Change, heldBy: [ResourceID]) {
            self.resource = resource
            self.change = change
            self.heldBy = heldBy
        }
    }

    /// Every resource in order, those that need nothing included.
    public let steps: [Step]
    /// Whether it was seen how an open step ended, and the ledger does not hold that yet.
    var showsEnd = false

    public init(steps: [Step]) { self.steps = steps }

    /// The steps that need something.
    public var changes: [Step] { steps.filter { !$0.change.isSettled } }

    public var isConverged: Bool { changes.isEmpty }

    /// What the ledger has to record, although nothing is to be changed.
    public var news: [Step] { steps.filter { $0.change.isSettled && $0.change.isUnrecorded } }

    /// Why nothing may be started: the first blocked step's failure.
    public var blocker: Failure? { steps.lazy.compactMap(\.change.failure).first }

    /// What to carry out next: the first step with a call that nothing holds.
    ///
    /// - Parameter skipped: best-effort steps that failed in this run already.
    public func next(skipping skipped: Set<ResourceID> = []) -> Step? {
        steps.first { step in
            step.change.need.isCall && step.heldBy.isEmpty
                && !(step.change.need.isNote && skipped.contains(step.resource))
        }
    }

    /// What goes on by itself, and is not waited for.
    public var left: [Step] { steps.filter(\.change.need.isLeft) }

    /// What is under way, and waited for.
    public var waits: [Step] { steps.filter { $0.change.patience != nil } }

    /// All that AWS is still at work on.
    public var underWay: [Step] { steps.filter { $0.change.patience != nil || $0.change.need.isLeft } }
}
