import Base
import Ledger
import Reconciler
import Resources

/// The person whom an undecided step asks: looks at the database, and says what is there.
struct Human: Sendable {
    let stage: Stage
    /// No launch has it: no fault strikes a person.
    static let number = 1_000_000

    let path: String

    private static let record = RunRecord(command: "resolve", host: "simulation", user: "person", process: nil)

    /// Says where the database is.
    ///
    /// - Returns: why it could not be said; nil where it could.
    ///
    /// - Parameter isTold: whether AWS lets the person mark revisions.
    func declare(_ version: String, _ launch: Launch, isTold: Bool = true) async -> Failure? {
        stage.turnstile.enter(1)
        let process = SimulatedProcess(Self.number, launch, on: stage, denied: isTold ? nil : "TagResource")
        let failure = await say(version, process)
        await end(process)
        return failure
    }

    private func end(_ process: SimulatedProcess) async {
        stage.turnstile.leave()
        await process.join()
    }

    /// Rolls the database back and says so, all at one moment in which nothing is at work on it.
    ///
    /// - Parameter after: in milliseconds.
    func rollBack(to version: String, _ launch: Launch, after milliseconds: Int) async {
        defer { stage.turnstile.leave() }
        var pause = milliseconds
        for _ in 0..<50 {
            await stage.turnstile.wait(Self.number, until: stage.turnstile.now + pause)
            let said = await say(version, SimulatedProcess(Self.number, launch, on: stage, isInstant: true))
            if said == nil { return stage.use { $0.world.rollBack(to: version, in: launch.cluster) } }
            pause = 500
        }
    }

    private func say(_ version: String, _ process: SimulatedProcess) async -> Failure? {
        let program = Program(process: process, path: path)
        do throws(Failure) {
            let (assembly, _, context) = try await program.assembly()
            let (schema, _) = try await assembly.decidable(ResourceID("schema", Landscape.database))
            _ = try await Resolution(of: schema, in: context).declare(
                version, reason: "rolled back", record: Self.record)
            return nil
        } catch {
            return error
        }
    }

    /// - Returns: whether there was something to decide.
    func resolve(_ launch: Launch) async -> Bool {
        let process = SimulatedProcess(Self.number, launch, on: stage)
        stage.turnstile.enter(1)
        let isDecided = await decide(launch, Program(process: process, path: path))
        await end(process)
        return isDecided
    }

    private func decide(_ launch: Launch, _ program: Program) async -> Bool {
        do {
            let (assembly, clients, context) = try await program.assembly()
            // Of whatever environment: they share the database.
            let intents = try await context.ledger.openIntents(kinds: ["schema"]).filter { intent in
                intent.action == .migrate && World.cluster(of: intent.subject) == launch.cluster
            }
            guard let intent = intents.last else { return false }
            let version = stage.use { $0.world.version(of: intent.order) } ?? "?"
            let isThere = stage.use { state in
                state.world.settle(version, in: launch.cluster)
                return state.world[launch.cluster].applied.contains(version)
            }
            let verdict: Verdict = isThere ? .succeeded : .failed
            let (schema, _) = try await assembly.decidable(intent.resource)
            // As the command does, which records who decides.
            do { _ = try await clients.sts.identity().arn } catch {}
            _ = try await Resolution(of: schema, in: context).settle(
                as: verdict, reason: "looked at the database", record: Self.record)
            return true
        } catch {
            return false
        }
    }
}
