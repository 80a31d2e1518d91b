import Reconciler
import Resources

/// The person whom an undecided step asks: looks at the database, and says what is there.
struct Human: Sendable {
    let stage: Stage
    /// No launch has it: no fault strikes a person.
    private static let number = 1_000_000

    let path: String

    /// - Returns: whether there was something to decide.
    func resolve(_ launch: Launch) async -> Bool {
        let process = SimulatedProcess(Self.number, launch, on: stage)
        let program = Program(process: process, path: path)
        do {
            let ledger = try program.ledger()
            // Of whatever environment: they share the database.
            let intents = try await ledger.openIntents(kinds: ["schema"]).filter { intent in
                intent.action == .migrate && World.cluster(of: intent.subject) == launch.cluster
            }
            guard let intent = intents.last else { return false }
            let version = stage.use { $0.world.version(of: intent.payload) } ?? "?"
            let isThere = stage.use { state in
                state.world.settle(version, in: launch.cluster)
                return state.world[launch.cluster].applied.contains(version)
            }
            let verdict: Resolution.Verdict = isThere ? .succeeded : .failed
            stage.turnstile.enter(1)
            defer { stage.turnstile.leave() }
            let context = program.context(ledger)
            _ = try await Resolution(
                of: .init(intent.resource, subject: intent.subject, isShared: true), in: context
            ).settle(
                as: verdict, reason: "looked at the database", record: ["command": "resolve"],
                facts: { SchemaDecision.facts($0, verdict) })
            return true
        } catch {
            return false
        }
    }
}
