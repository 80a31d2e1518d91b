import Testing

@testable import Base
@testable import Reconciler

@Suite("The planner")
struct PlannerTests {
    static func input(_ name: String, after: [String] = [], _ need: Need) -> Planner.Input {
        Planner.Input(
            id: ResourceID("x", name), dependencies: after.map { ResourceID("x", $0) }, output: AnyOutput(name),
            diff: { _ in Change(need, "because") })
    }

    @Test("what stands on unsettled ground is held, also where it needs nothing itself")
    func held() {
        let (plan, outputs) = Planner.plan([
            Self.input("a", .change(.register)), Self.input("b", after: ["a"], .nothing),
            Self.input("c", after: ["b"], .change(.update)),
            Self.input("d", .change(.update)),
        ])
        #expect(plan.steps.map { $0.heldBy.map(\.name) } == [[], ["a"], ["b"], []])
        #expect(plan.changes.map(\.resource.name) == ["a", "c", "d"])
        #expect(plan.next()?.resource.name == "a")
        #expect(outputs[Dependency<String>(ResourceID("x", "b"))] == nil)
    }

    @Test("a mark holds nothing back")
    func marks() {
        let (plan, outputs) = Planner.plan([
            Self.input("a", .note(.mark)), Self.input("b", after: ["a"], .change(.update)),
        ])
        #expect(plan.steps[1].heldBy.isEmpty)
        #expect(outputs[Dependency<String>(ResourceID("x", "a"))] == "a")
        #expect(plan.next()?.resource.name == "a")
        #expect(plan.next(skipping: [ResourceID("x", "a")])?.resource.name == "b")
    }

    @Test("outputs of what is settled reach the next diff")
    func outputs() {
        let seen = Planner.Input(id: ResourceID("x", "b"), dependencies: [ResourceID("x", "a")], output: nil) {
            $0[Dependency<String>(ResourceID("x", "a"))] == nil ? Change(.update, "blind") : .none("saw it")
        }
        #expect(Planner.plan([Self.input("a", .nothing), seen]).plan.isConverged)
        #expect(!Planner.plan([Self.input("a", .change(.update)), seen]).plan.isConverged)
    }

    @Test("a graph refuses circles, gaps and names that stand twice")
    func graph() throws {
        let world = World()
        let a = FakeResource("a", after: ["b"], in: world)
        let b = FakeResource("b", after: ["a"], in: world)
        #expect(throws: Failure.self) { try Graph([a, b]) }
        #expect(throws: Failure.self) { try Graph([a]) }
        let c = FakeResource("c", in: world)
        #expect(throws: Failure.self) { try Graph([c, c]) }
    }
}

extension Planner {
    /// - Parameter inputs: in an order in which each is after its dependencies.
    /// - Returns: the plan, and the outputs of all that is in its desired state.
    static func plan(_ inputs: [Input]) -> (plan: Plan, outputs: Outputs) {
        var planner = Planner()
        for input in inputs { planner.take(input) }
        return (planner.plan, planner.outputs)
    }
}
