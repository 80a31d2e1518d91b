import AWS
import Reconciler

/// What can be wrong with a rollout, and what to do then.
extension ServiceResource {
    func failure(_ name: String, rolledBackTo target: String?, cause: [String]) -> Failure {
        if let target {
            return Failure(
                .rolloutRolledBack,
                "ECS rolled \(spec.name) back from \(name) to \(DefinitionSketch.shortName(of: target))",
                of: id,
                hint:
                    "mend the image and apply it as a new one; this one is not deployed again without --retry-failed. "
                    + "A migration that ran before it is not undone",
                cause: cause)
        }
        return Failure(
            .rolloutFailed, "the rollout of \(name) to \(spec.name) failed", of: id,
            hint:
                "mend the image and apply it as a new one; turn on the circuit breaker's roll-back to be back on the old "
                + "one by then",
            cause: cause)
    }

    func replaced(_ name: String, by other: String) -> Failure {
        Failure(
            .rolloutReplaced,
            "somebody else moved \(spec.name) to \(DefinitionSketch.shortName(of: other)) while \(name) rolled out",
            of: id, hint: "find out who deploys beside this run, then run the same command again")
    }

    func refusal(_ wanted: String) -> Failure {
        Failure(
            .rolloutRefused,
            "\(DefinitionSketch.shortName(of: wanted)) was rolled back or failed on \(spec.name) before, with the same content",
            of: id, hint: "apply another image, or deploy this one again with --retry-failed")
    }
}
