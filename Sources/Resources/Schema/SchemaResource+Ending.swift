import AWS
import Base
import JSON
import Ledger
import Reconciler
import Time

/// What has become of an intent, and what follows from it.
extension SchemaResource {
    /// What has become of an intent: it is under way, or it has ended, or someone has to be asked.
    struct Ending {
        var settlement: Settlement?
        var running: String?
        var question: ProbeOrder?

        /// Whether nothing is known of it: the same call again finds its program, or starts the one and only.
        var isCallAgain: Bool { settlement == nil && running == nil && question == nil }
    }

    func ending(
        _ step: Step, _ wanted: MigrationIdentity?, _ versions: SchemaHistory.Versions,
        in context: Context
    ) async throws(Failure) -> Ending {
        if let migration = MigrationStep(step) {
            return try await self.migration(migration, wanted, versions, in: context)
        }
        switch step.order {
        case .probe(let order):
            var receipt: TaskReceipt?
            if case .task(let task)? = step.receipt { receipt = task }
            return
                switch try await prober?
                .look(order, receipt, of: step.intent, in: context)
            {
            case .running(let state): Ending(running: "being asked about: the probe's task is \(state)")
            case .unanswered: Ending(question: order)
            // The migration that it was asked about is looked at next.
            case .settled(let end): Ending(settlement: end, running: "being judged by the probe's answer")
            case nil: Ending(settlement: .abandoned("no probe is declared any more"), running: "being looked at")
            }
        // StopTask is only asked for: what the task then shows is the answer.
        case .stop: return Ending(settlement: .abandoned("its task was asked to stop"), running: "being stopped")
        case .mark, .migrate:
            return Ending(settlement: .abandoned("whether the mark of the schema's version was set is looked at again"))
        }
    }

    private func migration(
        _ step: MigrationStep, _ wanted: MigrationIdentity?, _ versions: SchemaHistory.Versions, in context: Context
    ) async throws(Failure) -> Ending {
        let known = versions.all
        // What a person has declared since is of a time when nothing was at work on the database.
        let isUndone = step.order.declared.number < versions.declared.number
        let isOvertaken = wanted?.digest != step.order.identity || isUndone
        let isInPlace = known.contains(step.order.version)
        var look = try await runners[step].look(step, in: context)
        if look == .unanswered {
            // The same call again would start it now: that is done only for what is still wanted.
            if !isOvertaken, !isInPlace, step.order.runner.kind == kind { return Ending() }
            guard let found = try await runners[step].withdraw(step, in: context) else {
                return Ending(
                    settlement: .abandoned(
                        isInPlace
                            ? "another run has brought the schema there"
                            : "an earlier start that is not wanted any more got no response, and started nothing"))
            }
            look = found
        }
        switch look {
        case .running(let state): return Ending(running: state)
        case .closing: return Ending(running: OneOffTasks.readingLog)
        case .unanswered: return Ending()
        case .gone(let why, let cause) where isUndone:
            return Ending(
                settlement: .overtaken(MigrationVerdict.undecided(why, id, cause), evidence: [:], facts: []))
        case .ended(let end) where isUndone: return Ending(settlement: past(end, step))
        case .gone(let why, let cause) where spec.migrate.rerunnable:
            return Ending(
                settlement: .overtaken(
                    MigrationVerdict.cutOff(why, id, cause), evidence: [:], facts: failedFacts(step)))
        case .gone(let why, let cause):
            return try await decision(step, MigrationVerdict.undecided(why, id, cause), known, in: context)
        case .ended(let end):
            return try await judged(end, step, isOvertaken: isOvertaken, known, in: context)
        }
    }

    /// How a migration ended before a person declared where the database is: nothing follows from it any more.
    private func past(_ end: MigrationEnd, _ step: MigrationStep) -> Settlement {
        switch verdict(on: end, of: step) {
        case .succeeded:
            return .succeeded(
                evidence: end.evidence.summed(up: "migrated, before the database was rolled back"), facts: [])
        case .failed(let failure, _): return .overtaken(failure, evidence: end.evidence.summed(up: "failed"), facts: [])
        case .undecided(let failure): return .overtaken(failure, evidence: end.evidence, facts: [])
        }
    }

    func verdict(on end: MigrationEnd, of step: MigrationStep) -> MigrationVerdict {
        MigrationVerdict.judge(
            end, rerunnable: spec.migrate.rerunnable, wanted: WantedVersion(of: step.order, spec),
            isFirst: !isAfter, of: id)
    }

    /// What follows from how the program ended.
    private func judged(
        _ end: MigrationEnd, _ step: MigrationStep, isOvertaken: Bool, _ known: [String], in context: Context
    ) async throws(Failure) -> Ending {
        switch verdict(on: end, of: step) {
        case .succeeded(let version):
            if let failure = try await contradiction(step, end) {
                return try await decision(step, failure, known, in: context)
            }
            let version = version.map { WantedVersion(of: step.order, spec)?.name(of: $0) ?? $0 }
            return Ending(
                settlement: .succeeded(
                    evidence: end.evidence.summed(up: summary(of: end, step, reached: version)),
                    facts: try await succeeded(step.order, at: version, known)))
        case .failed(var failure, let version):
            if !isAfter {
                failure = try await LeftRevision.named(in: failure, step.order.revision, of: families, history)
            }
            // What the database was brought to all the same is news.
            let isPassed = try await history.isPassed(
                step.order.version, of: step.order, by: known)
            let news = version.flatMap { $0 == known.last || $0 == "none" || isPassed ? nil : $0 }
            let facts =
                failedFacts(step)
                + (news.map { [Fact(history.subject, FactName.version, $0)] } ?? [])
            let evidence = end.evidence.summed(up: "failed")
            // An attempt that had failed before it was asked for was reported then: the next one is made.
            let isOld = isOvertaken || hadEnded(step, end)
            return Ending(
                settlement: isOld
                    ? .overtaken(failure, evidence: evidence, facts: facts)
                    : .failed(failure, evidence: evidence, facts: facts))
        case .undecided(let failure): return try await decision(step, failure, known, in: context)
        }
    }

    private func summary(of end: MigrationEnd, _ step: MigrationStep, reached version: String?) -> String {
        let success = version.map { "migrated to \($0)" } ?? "migrated"
        guard hadEnded(step, end), let task = step.task else { return success }
        // A person who has set the database back since then must see that nothing ran now.
        let time = end.endedAt.map { " at \(Timestamp(seconds: $0).iso8601)" } ?? ""
        return "\(success) before this run: ECS answered with the task \(task.id), which had ended\(time)"
    }

    /// What is known by a success. What the database was brought to since stays the last that is known of it.
    private func succeeded(
        _ order: MigrationOrder, at version: String? = nil, _ known: [String]
    ) async throws(Failure) -> [Fact] {
        let reached = version ?? order.version
        guard
            try await history.isPassed(reached, of: order, by: known),
            let last = known.last
        else { return MigrationFacts.succeeded(order, subject: history.subject, at: version) }
        return known.contains(reached)
            ? [] : [reached, last].map { Fact(history.subject, FactName.version, $0) }
    }

    /// A task that had ended before its intent was recorded is one of a ledger that is not at hand. It proves nothing if the
    /// revision that it ran from bears the mark of another version: a person may have said since that it was undone.
    func contradiction(_ step: MigrationStep, _ end: MigrationEnd) async throws(Failure) -> Failure? {
        guard let task = step.task, hadEnded(step, end) else { return nil }
        let revision = task.revision ?? step.order.revision
        guard let marked = try await history.mark(on: revision)?.version, marked != step.order.version else {
            return nil
        }
        return MigrationVerdict.undecided(
            "ECS names a task that had ended before this run, and the mark on \(RevisionARN.shortName(of: revision)), "
                + "from which it ran, says \(marked)", id, end.cause)
    }

    /// Whether a task had ended before its intent was recorded. One that was started by a call whose answer was lost may have
    /// ended as well by the time that the call is made again.
    private func hadEnded(_ step: MigrationStep, _ end: MigrationEnd) -> Bool {
        guard step.task?.isStopped == true else { return false }
        guard let ended = end.endedAt, let announced = step.intent.awsTime else { return true }
        return ended < announced.seconds
    }

    private func failedFacts(_ step: MigrationStep) -> [Fact] {
        MigrationFacts.failed(step.order, subject: history.subject, task: step.program)
    }

    /// Where ECS cannot tell how a migration ended: a mark, another run's record, or the probe may.
    private func decision(
        _ step: MigrationStep, _ failure: Failure, _ known: [String], in context: Context
    ) async throws(Failure) -> Ending {
        let (version, revision) = (step.order.version, step.order.revision)
        let isMarked = try await history.isMarked(revision, version, in: context)
        if known.contains(version) || isMarked {
            let facts = try await succeeded(step.order, known)
            let why = isMarked ? "a mark in AWS says so" : "the ledger has the database there"
            return Ending(settlement: .succeeded(evidence: ["summary": .string(why)], facts: facts))
        }
        guard prober != nil else { return Ending(settlement: .indeterminate(failure)) }
        guard let answer = try await context.ledger.fact(history.subject, FactName.probed(step.intent.token)) else {
            return Ending(
                question: ProbeOrder(
                    about: step.intent.token, revision: revision, container: step.order.container,
                    reason: failure.summary))
        }
        return Ending(
            settlement: ProbeVerdict.judge(
                answer, step, failure, subject: history.subject))
    }
}
