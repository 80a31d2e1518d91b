import Reconciler

/// What of a service was applied last, as the ledger has it: the third side of a three-way comparison.
struct LastApplied: Sendable, Equatable {
    /// The image as the manifest named it.
    let image: String?
    /// The content that was rolled out.
    let digest: String?
    let desiredCount: Int?

    /// - Parameter subject: the name under which facts of the service stand in the ledger.
    static func read(_ subject: String, in context: Context) async throws(Failure) -> LastApplied {
        let rollouts = try await context.ledger.facts(subject, FactName.rollout)
        let completed = rollouts.last { $0.hasPrefix("completed ") }
        let count = try await context.ledger.fact(subject, FactName.desiredCount)
        return LastApplied(
            image: try await context.ledger.fact(subject, FactName.image),
            digest: completed.map { String($0.dropFirst("completed ".count)) }, desiredCount: count.flatMap { Int($0) })
    }
}
