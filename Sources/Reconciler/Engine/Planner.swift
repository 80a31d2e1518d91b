import Base

/// From what was observed to what is to be done, one resource at a time. Pure.
struct Planner: Sendable {
    /// The outputs of all that is in its desired state so far.
    private(set) var outputs = Outputs()
    private var unsettled: Set<ResourceID> = []
    /// What goes on by itself.
    private var left: Set<ResourceID> = []
    /// Of those, the ones whose end something depends on.
    private var awaited: Set<ResourceID> = []
    private var steps: [Plan.Step] = []

    var plan: Plan {
        Plan(
            steps: steps.map { step in
                guard awaited.contains(step.resource) else { return step }
                return Plan.Step(resource: step.resource, change: step.change.awaited, heldBy: step.heldBy)
            })
    }

    /// Takes the next resource; those that it depends on were taken before.
    mutating func take(_ input: Input) {
        let change = input.diff(outputs)
        var heldBy = input.dependencies.filter(unsettled.contains)
        if !change.isSettled {
            let ends = input.dependencies.filter(left.contains)
            awaited.formUnion(ends)
            heldBy += ends
        }
        // What stands on ground that still moves is itself not settled, even if it would need nothing today.
        if !change.isSettled || !heldBy.isEmpty {
            unsettled.insert(input.id)
            outputs.expect(input.output, of: input.id)
        } else if change.need.isLeft {
            left.insert(input.id)
            outputs.expect(input.output, of: input.id)
        } else {
            outputs.set(input.output, of: input.id)
        }
        steps.append(Plan.Step(resource: input.id, change: change, heldBy: heldBy))
    }

    /// What the planner needs to know of a resource.
    struct Input: Sendable {
        let id: ResourceID
        let dependencies: [ResourceID]
        /// What it hands downstream once nothing is left to do, as far as it is known.
        let output: AnyOutput?
        let diff: @Sendable (Outputs) -> Change
    }
}
