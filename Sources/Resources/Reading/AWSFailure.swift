import AWS
import Base
import Ledger
import Reconciler

extension Failure {
    /// The same of a call that changes nothing, whatever became of it.
    public static func aws(reading error: AWSError, _ resource: ResourceID?, _ doing: String) -> Failure {
        aws(error, resource, doing).with { $0.effect = .none }
    }

    /// What the identity in use may not do, or not any more.
    private static func denial(
        _ error: AWSError, _ resource: ResourceID?, _ doing: String, _ cause: [String]
    ) -> Failure? {
        if case .withoutKeys(let error) = error.kind {
            return Failure(
                .credentialsMissing, "\(error.message): reconcile could not \(doing)", of: resource, hint: error.hint,
                cause: error.tried)
        }
        if error.isExpired {
            return Failure(
                .awsDenied, "the credentials expired before reconcile could \(doing)", of: resource,
                hint:
                    "get new credentials, such as with aws sso login, then run the same command again: it goes on from "
                    + "here",
                cause: cause)
        }
        if error.areCredentialsUnknown {
            return Failure(
                .awsDenied, "AWS does not accept the credentials in use to \(doing)", of: resource,
                hint: "check the credentials in use, or get new ones, then run the same command again", cause: cause)
        }
        guard error.isAccessDenied, !error.isClockSkewed else { return nil }
        let permissions = Set([error.operation, error.missingPermission ?? error.operation]).sorted()
        return Failure(
            .awsDenied, "AWS does not let this identity \(doing)", of: resource,
            hint:
                "allow \(permissions.joined(separator: " and ")) to the credentials in use, or use others (--profile)",
            cause: cause)
    }

    /// An error of AWS as a failure of a resource: what was being done, and what to do about it.
    ///
    /// - Parameter doing: the sentence's object, such as `read service web`.
    static func aws(_ error: AWSError, _ resource: ResourceID?, _ doing: String) -> Failure {
        let cause = [error.description]
        let effect = error.mayHaveHadEffect ? Effect.unknown : .none
        if case .unanswered(.cancelled, _) = error.kind {
            return Failure(
                .interrupted, "interrupted while trying to \(doing)", of: resource,
                hint: "run the same command again: it resumes from here, and takes over what is still running",
                cause: cause, effect: effect)
        }
        if let denial = denial(error, resource, doing, cause) { return denial }
        let code: Code
        let hint: String
        switch error.kind {
        case _ where error.isThrottled:
            code = .awsThrottled
            hint = "run the same command again in a minute: it resumes from here"
        case .refused(_, let status) where status >= 500:
            code = .awsUnreachable
            hint = "run the same command again: it resumes from here"
        // (ECS: "TaskDefinition is inactive".)
        case .refused where error.message.mentions("taskdefinition is inactive"):
            code = .awsRefused
            hint =
                "the revision was deregistered; apply registers it again: reconcile apply MANIFEST"
        case .refused:
            code = .awsRefused
            hint = "the cause says what AWS objects to"
        case .foreign:
            code = .awsUnreadable
            hint =
                "check the proxy or gateway on the way to \(error.operation.prefix { $0 != ":" }), then run the same "
                + "command again"
        case .unanswered(.deadline, _):
            code = .awsUnreachable
            hint = "run the same command again"
        case .unanswered:
            code = .awsUnreachable
            hint = "check the network, the region and the endpoint, then run the same command again"
        case .malformed:
            code = .awsUnreadable
            hint = "is the endpoint really AWS? Add --verbose to see the calls"
        case .notSent, .withoutKeys:
            code = .awsRefused
            hint = "check the region and the endpoint"
        }
        return Failure(
            code, "could not \(doing)", of: resource, hint: hint, cause: cause, effect: effect,
            isTransient: error.isTransient)
    }
}

extension ReadPatience {
    /// That of an invocation: what is read again is counted and said.
    public static func of(_ context: Context) -> ReadPatience {
        ReadPatience(
            elapsed: context.clock.elapsed, sleep: context.clock.sleep, jitter: context.jitter,
            report: { context.readsAgain(after: .aws(reading: $0, nil, "read from AWS")) })
    }
}

/// Runs a call of a client and turns its error into a failure of the resource that needed it.
func calling<Result>(
    _ resource: ResourceID?, _ doing: String, _ call: () async throws(AWSError) -> Result
) async throws(Failure) -> Result {
    try await LockProof.current.check()
    do { return try await call() } catch { throw .aws(error, resource, doing) }
}

/// The same for a call that changes nothing.
func reading<Result>(
    _ resource: ResourceID?, _ doing: String, _ call: () async throws(AWSError) -> Result
) async throws(Failure) -> Result {
    do { return try await call() } catch { throw .aws(reading: error, resource, doing) }
}
