import Support
import Testing

@testable import Base
@testable import Ledger
@testable import Reconciler

/// The planner, compared with one that is written down straight from its definition, on every graph that is small.
@Suite("The planner agrees with its definition")
struct PlannerOracleTests {
    /// What is observed of a node.
    enum State: CaseIterable {
        case nothing, change, cannot
    }

    /// A graph of nodes `0..<count`: on which nodes each one is.
    struct DAG: Sendable {
        let below: [[Int]]

        var count: Int { below.count }

        /// All labelled graphs without circles on `count` nodes.
        static func all(_ count: Int) -> [DAG] {
            let pairs = (0..<count).flatMap { a in (0..<count).filter { $0 != a }.map { (a, $0) } }
            return (0..<(1 << pairs.count)).compactMap { bits in
                var below = Array(repeating: [Int](), count: count)
                for (index, (a, b)) in pairs.enumerated() where bits >> index & 1 == 1 { below[a].append(b) }
                return permutations(count).contains { isOrder($0, below) } ? DAG(below: below) : nil
            }
        }

        /// Whether each node is after all that it depends on.
        static func isOrder(_ order: [Int], _ below: [[Int]]) -> Bool {
            order.indices.allSatisfy { index in below[order[index]].allSatisfy(order[..<index].contains) }
        }

        func resources(_ order: [Int], in world: World) -> [any Resource] {
            order.map { FakeResource("\($0)", after: below[$0].map(String.init), in: world) }
        }
    }

    static func permutations(_ count: Int) -> [[Int]] {
        count == 0
            ? [[]]
            : permutations(count - 1).flatMap { shorter in
                (0...shorter.count).map { place in
                    var longer = shorter
                    longer.insert(count - 1, at: place)
                    return longer
                }
            }
    }

    /// The naive planner: every answer follows from the definition alone, recursively, and nothing is remembered.
    struct Oracle {
        let below: [[Int]]
        let needs: [State]
        let order: [Int]
        /// What a node does that cannot go on: wait, or be blocked.
        let cannot: Action

        func isUnsettled(_ node: Int) -> Bool { needs[node] != .nothing || below[node].contains(where: isUnsettled) }
        func holders(of node: Int) -> [Int] { below[node].filter(isUnsettled) }
        var startable: [Int] { order.filter { needs[$0] == .change && holders(of: $0).isEmpty } }
        var changes: [Int] { order.filter { needs[$0] != .nothing } }
        var blocked: Int? { cannot == .blocked ? order.first { needs[$0] == .cannot } : nil }
        var waits: [Int] { cannot == .wait ? order.filter { needs[$0] == .cannot } : [] }

        func need(_ node: Int) -> Need {
            switch needs[node] {
            case .nothing: .nothing
            case .change: .change(.update)
            case .cannot:
                cannot == .blocked
                    ? .blocked(PlannerOracleTests.failure(node))
                    : .wait(Need.Patience(limit: .seconds(1), hint: "look again"))
            }
        }
    }

    static func id(_ node: Int) -> ResourceID { ResourceID("thing", "\(node)") }

    static func dependency(_ node: Int) -> Dependency<String> { Dependency(id(node)) }

    static func failure(_ node: Int) -> Failure {
        Failure(.rolloutRefused, "\(node) is blocked", of: id(node), hint: "mend it")
    }

    static func inputs(_ oracle: Oracle) -> [Planner.Input] {
        oracle.order.map { node in
            let need = oracle.need(node)
            let below = oracle.below[node]
            return Planner.Input(
                id: id(node), dependencies: below.map(id), output: AnyOutput("\(node)")
            ) { upstream in
                // What a diff sees of its dependencies is told by its reason.
                let seen = below.filter { upstream[dependency($0)] == "\($0)" }
                return Change(need, "sees \(seen)")
            }
        }
    }

    static func agrees(_ oracle: Oracle) -> Bool {
        let (plan, outputs) = Planner.plan(inputs(oracle))
        let steps = oracle.order.map { node in
            let seen = oracle.below[node].filter { !oracle.isUnsettled($0) }
            return Plan.Step(
                resource: id(node),
                change: Change(oracle.need(node), "sees \(seen)"),
                heldBy: oracle.holders(of: node).map(id))
        }
        return plan.steps == steps
            && plan.next()?.resource == oracle.startable.first.map(id)
            && plan.blocker == oracle.blocked.map(failure)
            && plan.changes.map(\.resource) == oracle.changes.map(id)
            && plan.waits.map(\.resource) == oracle.waits.map(id)
            && plan.isConverged == oracle.changes.isEmpty
            && oracle.order.allSatisfy { (outputs[dependency($0)] == nil) == oracle.isUnsettled($0) }
    }

    /// Every way in which `count` nodes can be observed.
    static func observations(_ count: Int) -> [[State]] {
        count == 0 ? [[]] : observations(count - 1).flatMap { rest in State.allCases.map { rest + [$0] } }
    }

    @Test(
        "on every graph with so many nodes, whatever was observed",
        // Robinson's numbers of labelled graphs without circles: OEIS A003024.
        arguments: [(1, 1), (2, 3), (3, 25), (4, 543)], [Action.wait, .blocked])
    func everything(graph: (nodes: Int, graphs: Int), cannot: Action) throws {
        let graphs = DAG.all(graph.nodes)
        #expect(graphs.count == graph.graphs)
        let observations = Self.observations(graph.nodes)
        let world = World()
        var cases = 0
        for dag in graphs {
            let order = try Graph(dag.resources(Array(0..<dag.count), in: world)).resources.map {
                Int($0.id.name) ?? -1
            }
            for needs in observations {
                let oracle = Oracle(below: dag.below, needs: needs, order: order, cannot: cannot)
                #expect(Self.agrees(oracle), "\(oracle)")
                cases += 1
            }
        }
        #expect(cases == [3, 27, 675, 43_983][graph.nodes - 1])
    }

    @Test("a graph keeps the manifest's order as far as dependencies allow")
    func order() throws {
        let world = World()
        let orders = Self.permutations(4)
        for dag in DAG.all(4) {
            let resources = dag.resources([0, 1, 2, 3], in: world)
            for written in orders {
                let order = try Graph(written.map { resources[$0] }).resources.map { Int($0.id.name) ?? -1 }
                // Among all orders that the dependencies allow, the first one by places in the manifest.
                let places = (0..<4).map { node in written.firstIndex(of: node) ?? -1 }
                let first = orders.filter { DAG.isOrder($0, dag.below) }
                    .min { $0.map { places[$0] }.lexicographicallyPrecedes($1.map { places[$0] }) }
                #expect(order == first, "\(dag) written as \(written)")
            }
        }
    }

    @Test("the order in which a manifest is written never lets a change start before what it depends on")
    func shuffled() throws {
        var random = SplitMix64(seed: 0x5EED)
        let world = World()
        let orders = Self.permutations(4)
        for dag in DAG.all(4) {
            let resources = dag.resources([0, 1, 2, 3], in: world)
            let needs = (0..<4).map { _ in State.allCases[random.below(3)] }
            var startable: Set<Set<ResourceID>> = []
            for written in orders {
                let order = try Graph(written.map { resources[$0] }).resources.map { Int($0.id.name) ?? -1 }
                let oracle = Oracle(below: dag.below, needs: needs, order: order, cannot: .wait)
                let plan = Planner.plan(Self.inputs(oracle)).plan
                startable.insert(
                    Set(plan.steps.filter { $0.change.need.isCall && $0.heldBy.isEmpty }.map(\.resource)))
                #expect(plan.next().map { next in startable.contains { $0.contains(next.resource) } } ?? true)
            }
            #expect(
                startable == [
                    Set(
                        Oracle(below: dag.below, needs: needs, order: [0, 1, 2, 3], cannot: .wait)
                            .startable.map(Self.id))
                ], "\(dag) with \(needs)")
        }
    }

    @Test("carrying out one next step after the other settles every graph, each node after those below it")
    func convergence() throws {
        let world = World()
        for dag in DAG.all(4) {
            let order = try Graph(dag.resources([3, 2, 1, 0], in: world)).resources.map { Int($0.id.name) ?? -1 }
            var needs = Array(repeating: State.change, count: 4)
            var started: [Int] = []
            while started.count <= 4 {
                let oracle = Oracle(below: dag.below, needs: needs, order: order, cannot: .wait)
                guard let next = Planner.plan(Self.inputs(oracle)).plan.next() else { break }
                let node = Int(next.resource.name) ?? -1
                needs[node] = .nothing
                started.append(node)
            }
            #expect(started.count == 4 && DAG.isOrder(started, dag.below), "\(dag) was started as \(started)")
        }
    }
}
