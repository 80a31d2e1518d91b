import AWS
import Hashing
import JSON
import Reconciler

/// Asks the database which version it has, where ECS cannot tell how a migration ended: the manifest's probe, run as a
/// one-off task of the same revision.
struct Prober: Sendable {
    let id: ResourceID
    let command: [String]
    let pattern: VersionPattern?
    let environment: [String: String]
    /// The name under which facts of this database stand in the ledger.
    let subject: String
    let tasks: OneOffTasks
    let log: TaskLog

    /// What has to be asked, and on behalf of which migration.
    struct Question: Sendable, Equatable {
        /// The token of the migration's intent.
        let about: String
        let revision: String
        let container: String
        /// What cannot be told without an answer.
        let reason: String
    }

    func intention(_ question: Question) -> Intention {
        Intention(
            token: SHA256.hex("probe\n\(question.about)"),
            payload: [
                "about": .string(question.about), "revision": .string(question.revision),
                "container": .string(question.container),
            ])
    }

    /// The question that an open intent asks.
    func question(of intent: Intent) -> Question {
        Question(
            about: intent.payload["about"]?.string ?? "", revision: intent.payload["revision"]?.string ?? "",
            container: intent.payload["container"]?.string ?? "", reason: intent.payload["reason"]?.string ?? "")
    }

    func start(_ intent: Intent, in context: Context) async throws(Failure) -> JSON {
        let order = OneOffTasks.order(
            intent, command: command, environment: environment,
            startedBy: "reconcile/" + SHA256.hex("probe\n\(subject)").prefix(32), purpose: "the probe's task")
        return try await tasks.start(order, in: context).acceptance
    }

    enum Look: Sendable {
        case running(String)
        case unanswered
        case settled(Settlement)
    }

    /// What has become of a probe. It changes nothing, so one that is lost track of is told as such and no harm is done.
    func look(_ intent: Intent, in context: Context) async throws(Failure) -> Look {
        let age = IntentAge(intent, in: context)
        guard let arn = intent.acceptance?["task"]?.string else {
            return age.mayResend ? .unanswered : .settled(ended(intent, .unreadable("it was cut off"), [:]))
        }
        guard let task = try await tasks.task(of: intent, arn) else {
            return age.maySeeStale
                ? .running("not visible yet")
                : .settled(ended(intent, .unreadable("ECS no longer shows its task"), [:]))
        }
        let tail = await log.read(task, intent, in: context) { $0.answer != nil }
        guard task.lastStatus == "STOPPED" else { return .running(task.lastStatus) }
        if tail.end == .open { return .running(OneOffTasks.readingLog) }
        let evidence = TaskEvidence.of(task, log: tail.lines)
        let code = task.containers.first { $0.name == intent.payload["container"]?.string }?.exitCode
        guard code == 0 else {
            let end = code.map { "it ended with exit code \($0)" } ?? "it has no exit code"
            return .settled(ended(intent, .unreadable(end), evidence))
        }
        if case .unread(let why) = tail.end, tail.answer == nil {
            return .settled(ended(intent, .unreadable("its log could not be read: \(why)"), evidence))
        }
        return .settled(ended(intent, tail.answer ?? .silent(pattern), evidence))
    }

    /// An answer is a success whatever it says: it is what follows from it that may be none.
    private func ended(_ intent: Intent, _ answer: ProbeAnswer, _ evidence: JSON) -> Settlement {
        .succeeded(
            evidence: evidence.summed(up: "the probe: \(answer.fact)"),
            facts: [
                Fact(
                    subject: subject, name: FactName.probed(intent.payload["about"]?.string ?? ""), value: answer.fact)
            ])
    }
}
