import Base
import JSON
import Reconciler

/// What the ledger holds of a service: how its rollouts ended, and what was applied last, the third side of a three-way
/// comparison.
struct ServicePast: Sendable, Equatable {
    /// The image as the manifest named it.
    let image: String?
    /// What was released last, where it is recorded.
    let release: ReleaseRecord?
    /// The content that was rolled out, or that another user's hand has put there and an apply has taken.
    let digest: String?
    let desiredCount: Int?
    /// What of its configuration was declared.
    let settings: JSON?
    /// Digests that ECS gave up on here and that have not succeeded since.
    let refused: Set<String>

    /// - Parameter subject: the name under which facts of the service stand in the ledger.
    static func read(_ subject: String, in context: Context) async throws(Failure) -> ServicePast {
        try await context.ledger.facts(of: subject) { facts in
            ServicePast(
                image: try facts.latest(subject, FactName.image), rollouts: try facts.all(subject, FactName.rollout),
                desiredCount: try facts.latest(subject, FactName.desiredCount),
                settings: try facts.latest(subject, FactName.settings),
                release: try facts.latest(subject, FactName.release))
        }
    }

    private init(
        image: String?, rollouts: [RolloutEnd], desiredCount: Int?, settings: JSON?, release: ReleaseRecord?
    ) {
        var completed: String?
        var refused: Set<String> = []
        for rollout in rollouts {
            switch rollout {
            case .refused(let digest): refused.insert(digest)
            case .taken(let digest): completed = digest
            case .completed(let digest):
                refused.remove(digest)
                completed = digest
            }
        }
        self.image = image
        digest = completed
        self.desiredCount = desiredCount
        self.settings = settings
        self.refused = refused
        // Ledgers of 0.1.0 hold the image alone.
        self.release = release ?? image.map { ReleaseRecord(image: $0, schema: nil, given: []) }
    }
}
