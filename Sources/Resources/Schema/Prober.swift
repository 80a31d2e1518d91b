import AWS
import Base
import Hashing
import JSON
import Ledger
import Manifest
import Reconciler

/// Asks the database which version it has, where ECS cannot tell how a migration ended: the manifest's probe, run as a
/// one-off task of the same revision.
struct Prober: Sendable {
    let id: ResourceID
    let probe: ProbeSpec
    let environment: [String: String]
    /// The name under which facts of this database stand in the ledger.
    let subject: String
    let tasks: OneOffTasks
    let log: TaskLog

    func intention(_ order: ProbeOrder) -> Intention<SchemaOrder> {
        Intention(token: SHA256.hex("probe\n\(order.about)"), order: .probe(order))
    }

    func start(_ order: ProbeOrder, token: String, in context: Context) async throws(Failure) -> TaskReceipt {
        let order = OneOffTasks.Order(
            revision: order.revision, container: order.container, command: probe.command, environment: environment,
            startedBy: "reconcile/" + SHA256.hex("probe\n\(subject)").prefix(32), token: token,
            purpose: "the probe's task", launch: try await tasks.settings())
        return try await tasks.start(order, in: context)
    }

    enum Observed: Sendable {
        case running(String)
        case unanswered
        case settled(Settlement)
    }

    /// What has become of a probe. It changes nothing, so one that is lost track of is shown as such and no harm is done.
    func look(
        _ order: ProbeOrder, _ receipt: TaskReceipt?, of intent: Intent, in context: Context
    ) async throws(Failure) -> Observed {
        let age = IntentAge(intent, in: context)
        guard let receipt else {
            return age.mayResend ? .unanswered : .settled(ended(order, .unreadable("it was cut off"), [:]))
        }
        guard let task = try await tasks.task(of: receipt, ordered: order.revision, token: intent.token) else {
            return age.maySeeStale
                ? .running("not visible yet")
                : .settled(ended(order, .unreadable("ECS no longer shows its task"), [:]))
        }
        let tail = await log.read(task, from: order.revision, container: order.container, in: context) {
            $0.answer != nil
        }
        guard task.lastStatus == "STOPPED" else { return .running(task.lastStatus) }
        if tail.end == .open { return .running(OneOffTasks.readingLog) }
        let evidence = TaskEvidence.of(task, log: tail.lines)
        let code = task.containers.first { $0.name == order.container }?.exitCode
        guard code == 0 else {
            let end = code.map { "it ended with exit code \($0)" } ?? "it has no exit code"
            return .settled(ended(order, .unreadable(end), evidence))
        }
        if case .unread(let why) = tail.end, tail.answer == nil {
            return .settled(ended(order, .unreadable("its log could not be read: \(why)"), evidence))
        }
        return .settled(ended(order, tail.answer ?? .silent(probe.pattern), evidence))
    }

    /// An answer is a success whatever it says: it is what follows from it that may be none.
    private func ended(_ order: ProbeOrder, _ answer: ProbeAnswer, _ evidence: JSON) -> Settlement {
        .succeeded(
            evidence: evidence.summed(up: "the probe: \(answer.fact)"),
            facts: [
                Fact(subject, FactName.probed(order.about), answer)
            ])
    }
}
