import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// Runs a migration as one synchronous invocation of a Lambda function.
///
/// Invoke has no token and leaves nothing that could be looked at later: the answer is all the evidence there is. So it is
/// the acceptance, and an invocation whose answer never came is never made again unasked.
struct LambdaRunner: MigrationRunner {
    let id: ResourceID
    let spec: SchemaSpec
    let client: LambdaClient

    func announcement(image: String?) -> RunnerOrder {
        guard case .lambda(let function) = spec.migrate.runner else { return .task }
        return .function(function, timeout: Int(spec.migrate.timeout.components.seconds), image: image)
    }

    // MARK: - Starting

    /// Invokes the function and waits for its end.
    ///
    /// - Returns: the answer, as far as it may be kept.
    /// - Throws: ``Failure`` with code `aws-refused`, `aws-denied` or `aws-throttled` where it was not invoked; with effect
    ///   unknown where no answer came.
    func start(_ step: MigrationStep, in context: Context) async throws(Failure) -> ProgramReceipt {
        let function = Self.function(of: step)
        let invocation: LambdaClient.Invoked
        try await LockProof.current.check()
        do {
            invocation = try await client.invoke(function, payload(step), timeout: Self.patience(step))
        } catch {
            throw .lambda(error, id, function)
        }
        let answer = LambdaAnswer(invocation, function: function, mask: Mask(spec.migrate.environment))
        for line in answer.log.lines { context.emit(.log(id, line)) }
        return .function(answer)
    }

    /// What the function gets.
    private func payload(_ step: MigrationStep) -> JSON {
        var environment: JSON = [:]
        for (name, value) in spec.environment.sorted(by: { $0.key.precedes($1.key) }) {
            environment[name] = .string(value)
        }
        var version: JSON = .null
        if case .declared(let declared) = spec.version { version = .string(declared) }
        var image: String?
        if case .function(_, _, let wanted) = step.order.runner { image = wanted }
        return .members([
            "command": spec.migrate.command, "version": version, "database": spec.database, "image": image.orNull,
            "environment": environment, "token": step.intent.token,
        ])
    }

    private static func function(of step: MigrationStep) -> String {
        if case .function(let function, _, _) = step.order.runner { function } else { "" }
    }

    /// How long the function may run, as the intent says: the manifest may say something else by now.
    private static func bound(_ step: MigrationStep) -> Duration {
        if case .function(_, let timeout?, _) = step.order.runner { .seconds(timeout) } else { .seconds(900) }
    }

    /// In milliseconds. A function that ends at its bound still has to answer.
    private static func patience(_ step: MigrationStep) -> Int { Int(bound(step).components.seconds + 10) * 1_000 }

    // MARK: - Watching

    func look(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration {
        if case .function(let answer)? = step.receipt { return .ended(answer.end) }
        if IntentAge(step.intent, in: context).mayGoOn(Self.bound(step)) {
            let state = "perhaps still running: its answer never came"
            context.emit(.progress(id, Progress(state)))
            return .running(state)
        }
        return .gone(
            "the function's answer never came, and Lambda cannot be asked for it again",
            cause: ["function: \(Self.function(of: step))"])
    }

    func withdraw(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration? {
        try await look(step, in: context)
    }

    // MARK: - Stopping

    func checkStop(of step: MigrationStep, in context: Context) async throws(Failure) {
        throw Failure(
            .nothingOpen, "a Lambda function cannot be ended from outside", of: id,
            hint: "it ends at its own time-out; the next apply waits for that")
    }

    func stop(_ step: MigrationStep, reason: String, in context: Context) async throws(Failure) -> String {
        throw .broken("a function cannot be stopped")
    }
}

extension Failure {
    /// Why a function was not invoked, or its answer did not come.
    fileprivate static func lambda(_ error: AWSError, _ id: ResourceID, _ function: String) -> Failure {
        let usual = Failure.aws(error, id, "invoke the function \(function)")
        func refusal(_ summary: String? = nil, hint: String) -> Failure {
            usual.with { ($0.summary, $0.hint) = (summary ?? $0.summary, hint) }
        }
        if usual.code == .interrupted, usual.effect == .unknown {
            return refusal(
                "interrupted while the function \(function) ran: its answer is lost",
                hint:
                    "run the same command again: it waits until the function must have ended, and invokes it no second time"
            )
        }
        guard case .refused(let code, let status) = error.kind else { return usual }
        switch (code, status) {
        case ("ResourceNotFoundException", _), (_, 404):
            return refusal(
                "there is no Lambda function \(function)",
                hint: "check schema.migrate.function, its qualifier, and the region")
        case (_, 429):
            return refusal(
                hint:
                    "is it running already? Its reserved concurrency lets in no other. Run the same command again in a "
                    + "minute")
        case (_, 413): return refusal(hint: "Lambda takes 6 MB: make schema.migrate.environment or command smaller")
        default: return usual
        }
    }
}
