import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// What a schema needs, and the words for it.
extension SchemaResource {
    func diff(_ observed: Observation<SchemaState>, upstream: Outputs) -> Change {
        guard case .present(let state) = observed else { return Change(.migrate, "the schema's version is not known") }
        if let question = state.question {
            return Change(.question(.probe), question.reason)
        }
        if let running = state.running {
            return .wait(
                "the migration's \(state.kind.noun) is \(running)",
                running == OneOffTasks.readingLog
                    ? Need.Patience(
                        limit: state.kind.patience(spec.migrate.timeout),
                        atWork: "The task has ended. What its log says last can be a minute late.",
                        hint: "Run the same command again", isNear: true)
                    : Need.Patience(
                        limit: state.kind.patience(spec.migrate.timeout), atWork: state.kind.atWork,
                        hint: advice(state.kind)), notes: next(state))
        }
        if let busy = state.busy { return .blocked(busy) }
        if let held = state.held {
            return .wait(
                held,
                Need.Patience(
                    limit: spec.migrate.timeout,
                    hint: "Run the same command again: the migration starts once no old code runs any more"))
        }
        switch state.need(spec) {
        case .nothing(let reason):
            if !state.marking.isEmpty {
                let isTold = state.declared == .none
                let version = state.history.last ?? "?"
                let revisions = state.marking.map { RevisionARN.shortName(of: $0.revision) }
                var change = Change(
                    .note(.mark), "the mark in AWS is missing",
                    notes: [
                        isTold && !state.isMarkOpen
                            ? "the mark in AWS that the database is at \(version) is missing: the next apply that changes "
                                + "something sets it"
                            : isTold
                                ? "apply marks \(revisions.joined(separator: " and ")): an earlier run ended before it did"
                                : "apply marks \(revisions.joined(separator: " and ")): the database is at \(version), since it was "
                                    + "declared to be at \(state.declared.version)"
                    ])
                // Other ledgers learn of a declaration by its mark alone.
                change.isUnrecorded = !isTold || state.isMarkOpen
                return change
            }
            return .none(reason, notes: imageNote(state))
        case .migration(let reason):
            return Change(.migrate, reason, notes: notes(state), content: content(state))
        case .refusal(let reason):
            return .blocked(
                Failure(
                    .schemaOlder, "\(reason): schemas are rolled forward only", of: id,
                    hint: "if this image works with the newer schema, set schema.accepts to \"at-least\"; "
                        + "if not, roll forward, or run your own rollback script"))
        }
    }

    /// What is done once another migration than the wanted one has ended.
    private func next(_ state: SchemaState) -> [String] {
        guard state.isOvertaken, case .migration = state.need(spec), let wanted = state.wanted else { return [] }
        let version = spec.version == .image ? "this image" : wanted
        return [
            "it is an earlier migration: once it has ended, apply also migrates for \(version), if that is still needed"
        ]
    }

    /// All that reaches the migration's program, and what runs it.
    private func content(_ state: SchemaState) -> Change.Content {
        var function: String?
        if case .lambda(let name) = spec.migrate.runner { function = name }
        return Change.Content(
            .members([
                "cluster": access.cluster.arn, "database": spec.database, "version": state.wanted,
                "runner": kind.rawValue, "function": function, "container": container,
                "command": Mask(spec.environment).apply(JSON(spec.migrate.command).canonical),
                "environment": spec.environment.keys.sorted { $0.precedes($1) },
                "taskRoleArn": spec.migrate.taskRoleARN, "launch": state.launch?.content,
                "timeout": Int(spec.migrate.timeout.components.seconds), "rerunnable": spec.migrate.rerunnable,
                "probe": spec.probe?.command,
            ]), hidden: spec.environment)
    }

    private func notes(_ state: SchemaState) -> [String] {
        if let namesake = state.namesake { return notes + [note(namesake)] }
        guard let version = state.unqualifiedMark, state.history.isEmpty else { return notes }
        return notes + [
            "a mark of an earlier release says \(version) and does not name its cluster, so it is not believed; if this "
                + "database is there, declare it: reconcile resolve MANIFEST \(id) --at \(version) --reason TEXT"
        ]
    }

    private func note(_ other: SchemaHistory.Namesake) -> String {
        "the ledger knows \(spec.database) of cluster \(other.cluster) at \(other.version); if this is the same database, "
            + "declare that first: reconcile resolve MANIFEST \(id) --at \(other.version) --reason TEXT"
    }

    private func advice(_ kind: RunnerKind) -> String {
        "Run the same command again to go on watching"
            + (kind.canStop ? "; or end it: reconcile resolve MANIFEST \(id) --stop --reason TEXT" : "")
    }

    /// A declared version says nothing about migrations that came with a new image and no new version.
    private func imageNote(_ state: SchemaState) -> [String] {
        guard case .declared = spec.version, state.isNewImage else { return [] }
        if let current = state.history.last, spec.isAtSuccessor(current) {
            return ["the schema is at \(current) already: an image that needs what schema.after took away fails"]
        }
        return ["image changed, schema version did not: the migration is not run"]
    }
}
