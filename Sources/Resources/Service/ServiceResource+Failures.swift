import AWS
import Base

/// What can be wrong with a rollout, and what to do then.
extension ServiceResource {
    func failure(_ name: String, rolledBackTo target: String?, cause: [String]) -> Failure {
        if let target {
            return Failure(
                .rolloutRolledBack,
                "ECS rolled \(spec.name) back from \(name) to \(RevisionARN.shortName(of: target))",
                of: id,
                hint:
                    "fix the image and apply it as a new one: reconcile apply MANIFEST --image-tag NEW; this one is not "
                    + "deployed again without --retry-failed. A migration that ran before it is not undone",
                cause: cause)
        }
        return Failure(
            .rolloutFailed, "the rollout of \(name) to \(spec.name) failed", of: id,
            hint:
                "fix the image and apply it as a new one: reconcile apply MANIFEST --image-tag NEW; turn on the circuit "
                + "breaker's roll-back so that ECS restores the previous revision next time",
            cause: cause)
    }

    /// - Parameter name: of the revision.
    func restartFailure(_ name: String, isRolledBack: Bool, cause: [String]) -> Failure {
        Failure(
            isRolledBack ? .rolloutRolledBack : .rolloutFailed,
            isRolledBack
                ? "ECS rolled back the restart of \(spec.name): its earlier tasks of \(name) go on"
                : "the restart of \(spec.name) failed: not all new tasks of \(name) run",
            of: id, hint: "find out why its new tasks did not work, then run the same command again", cause: cause)
    }

    /// - Parameter name: of the revision.
    func undecided(_ name: String) -> Failure {
        Failure(
            .rolloutUndecided,
            "could not determine what became of the update of \(spec.name) to \(name): it got no response",
            of: id,
            hint: "look in ECS if \(name) was ever deployed on \(spec.name) and failed; to deploy it: "
                + "reconcile apply MANIFEST --retry-failed; or apply another image: "
                + "reconcile apply MANIFEST --image-tag NEW",
            cause: [
                "ECS shows no deployment of \(name)",
                "ECS shows its newest 100 events only, and the update was made before the oldest of them",
            ])
    }

    func replaced(_ name: String, by other: String) -> Failure {
        Failure(
            .rolloutReplaced,
            "another deployment moved \(spec.name) to \(RevisionARN.shortName(of: other)) while \(name) rolled out",
            of: id, hint: "find out what else deploys the service, then run the same command again")
    }

    /// - Parameter wanted: the revision; nil where none has the content any more.
    func refusal(_ wanted: String?) -> Failure {
        let content =
            wanted.map { "\(RevisionARN.shortName(of: $0)) was rolled back or failed" }
            ?? "what is wanted was rolled back or failed"
        return Failure(
            .rolloutRefused, "\(content) on \(spec.name) before, with the same content",
            of: id,
            hint: "apply another image: reconcile apply MANIFEST --image-tag NEW; or deploy this one again: "
                + "reconcile apply MANIFEST --retry-failed")
    }
}
