import AWS
import Base
import Hashing
import JSON
import Ledger
import Reconciler

/// A command that has run once in this invocation is in its desired state.
struct CommandResource: Resource {
    typealias Order = CommandStepOrder
    typealias Receipt = TaskReceipt

    enum State: Sendable, Equatable {
        case wanted
        case running(String)
        /// Something else has the database.
        case busy(Failure)
        case ended
    }

    let spec: CommandSpec
    /// Where the revision comes from; nil for the one that the service runs.
    let definition: Dependency<TaskDefinitionResource.Output>?
    /// The revision that the service runs.
    let current: String
    let container: String
    let startedBy: String
    /// Who else is at work on the database that the command has for itself; nil if it runs next to others.
    let use: DatabaseUse?
    let tasks: OneOffTasks
    let log: TaskLog
    private let memory = Memory()

    /// What this invocation has seen of its own command.
    private actor Memory {
        private(set) var hasEnded = false
        /// The intent of a command that was only to be started.
        private(set) var detached: Int64?

        func end() { hasEnded = true }
        func detach(_ intent: Int64) { detached = intent }
    }

    var id: ResourceID { tasks.id }
    var service: String { tasks.service }
    var subject: String { Subject.command(service, tasks.access.cluster.arn) }
    var dependencies: [ResourceID] { definition.map { [$0.id] } ?? [] }

    func observe(pending: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        guard let pending else { return Seen(.present(try await free(nil, in: context))) }
        guard let step = CommandStep(pending) else {
            return Seen(
                .present(try await free(pending.intent, in: context)),
                settlement: .abandoned("its task was asked to stop"))
        }
        if await memory.detached == step.intent.sequence { return Seen(.present(.ended)) }
        return try await look(step, token(upstream), in: context)
    }

    /// What an interrupted command is recognised by.
    private func token(_ upstream: Outputs) -> String {
        tasks.access.ledger.digest(of: spec.identity(from: revision(upstream)))
    }

    private func revision(_ upstream: Outputs) -> String {
        definition.flatMap { upstream[$0]?.revision } ?? current
    }

    /// The same, if nothing else has the database.
    private func free(_ pending: Intent?, in context: Context) async throws(Failure) -> State {
        guard await own == .wanted, let busy = try await use?.occupant(except: pending, in: context) else {
            return await own
        }
        return .busy(busy)
    }

    /// What is left to do for this invocation's own command.
    private var own: State {
        get async { await memory.hasEnded ? .ended : .wanted }
    }

    /// What has become of a command: of this invocation, or of one that was cut off or did not wait.
    private func look(_ step: CommandStep, _ token: String, in context: Context) async throws(Failure) -> Seen {
        let intent = step.intent
        // Who was cut off asks again, and gets that command's end. Who did not wait asks for another one.
        let isOurs = intent.token == token && !step.order.isDetached
        guard let receipt = step.receipt else {
            if isOurs, IntentAge(intent, in: context).mayResend {
                return Seen(.present(try await free(intent, in: context)))
            }
            if let state = try await tasks.state(of: step, in: context) {
                return Seen(.present(isOurs ? .running(state) : .busy(CommandVerdict.busy(state, id))))
            }
            let unknown = CommandVerdict.unanswered(id)
            // A repeat of the same command shows that first; a person decides.
            return Seen(
                .present(await own),
                settlement: isOurs ? .failed(unknown, evidence: [:], facts: []) : .abandoned(unknown.summary))
        }
        guard
            let task = try await tasks.task(
                of: receipt, ordered: step.order.revision, token: CommandToken.of(intent, in: context))
        else {
            if IntentAge(intent, in: context).maySeeStale {
                return Seen(.present(.running("not visible yet")))
            }
            return await ended(
                intent, .undecided(CommandVerdict.gone(receipt.arn, id)), task: nil, log: LogTail(), isOurs)
        }
        let tail = await log.read(
            task, from: step.order.revision, container: step.order.container, isShown: isOurs, in: context
        ) {
            spec.pattern != nil && $0.answer != nil
        }
        let verdict = CommandVerdict.judge(
            task, container: step.order.container, of: id, command: step.order.command, log: tail)
        // Only who waits for the command's lines waits for the last of them.
        let isReading = isOurs && verdict.isEnd && tail.end == .open
        guard case .running(let state) = isReading ? .running(OneOffTasks.readingLog) : verdict else {
            if case .unread(let why) = tail.end, isOurs {
                context.emit(.warning(id, "the end of the command's log could not be read: \(why)"))
            }
            return await ended(intent, verdict, task: task, log: tail, isOurs)
        }
        if isOurs {
            context.emit(.progress(id, Progress(state)))
            return Seen(.present(.running(state)))
        }
        let hasEnded = await memory.hasEnded
        return Seen(
            .present(
                spec.isExclusive && !hasEnded
                    ? .busy(CommandVerdict.busy(receipt.arn, id)) : try await free(intent, in: context)))
    }

    private func ended(
        _ intent: Intent, _ verdict: CommandVerdict, task: ECSTask?, log: LogTail, _ isOurs: Bool
    ) async -> Seen {
        if isOurs {
            await memory.end()
            if let answer = log.answer {
                spec.answered?(answer)
            } else if case .unread(let why) = log.end {
                spec.answered?(.unreadable("its log could not be read: \(why)"))
            }
        }
        let state = await own
        let earlier = isOurs ? "" : "an earlier command ended: "
        let summary = earlier + (verdict.failure?.summary ?? "exit code 0")
        let evidence = (task.map { TaskEvidence.of($0, log: log.lines) } ?? [:]).summed(up: summary)
        guard let failure = verdict.failure else {
            return Seen(.present(state), settlement: .succeeded(evidence: evidence, facts: []))
        }
        return Seen(
            .present(state),
            settlement: isOurs
                ? .failed(failure, evidence: evidence, facts: [])
                : .overtaken(failure, evidence: evidence, facts: []))
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        switch observed {
        case .present(.ended): .none("it has run")
        case .present(.busy(let failure)): .blocked(failure)
        case .present(.running(let state)):
            .wait(
                "its task is \(state)",
                Need.Patience(
                    limit: spec.timeout,
                    hint: "Run the same command again to go on following it: it is not started a second time"))
        case .present(.wanted), .absent, .indeterminate: Change(.run, spec.text)
        }
    }

    func intention(_ change: Change, upstream: Outputs, observed: Observation<State>) -> Intention<CommandStepOrder> {
        Intention(
            token: token(upstream),
            order: .run(
                CommandOrder(
                    spec, container: container, service: service, revision: revision(upstream), startedBy: startedBy,
                    database: use?.subject)))
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<State>,
        in context: Context
    ) async throws(Failure) -> Reply<TaskReceipt> {
        let intent = step.intent
        if spec.isExclusive, let live = try await tasks.live(startedBy: startedBy), !live.isFor(intent, in: context) {
            throw CommandVerdict.busy(live.arn, id)
        }
        let revision = CommandStep(step)?.order.revision ?? current
        let order = OneOffTasks.Order(
            revision: revision, container: container, command: spec.command, environment: spec.environment,
            startedBy: startedBy, token: CommandToken.of(intent, in: context), purpose: "the command's task",
            launch: try await tasks.settings())
        var started: TaskReceipt
        do { started = try await tasks.start(order, in: context) } catch let error
            where error.code == .migrationNotStarted
        {
            throw Failure(
                .commandNotStarted, error.summary, of: id, hint: error.hint, cause: error.cause,
                isTransient: error.isTransient)
        }
        // Of a command it is always kept which revision ran.
        started.isStopped = false
        started.revision = started.revision ?? revision
        if spec.isDetached { await memory.detach(intent.sequence) }
        context.emit(.progress(id, Progress("started as task \(started.arn)")))
        return .accepted(started)
    }
}

extension ECSTask {
    fileprivate func isFor(_ intent: Intent, in context: Context) -> Bool {
        tags[Mark.intent] == CommandToken.of(intent, in: context)
    }
}
