import Base
import JSON
import Ledger
import Reconciler

/// What the ledger holds of a service: how its rollouts ended, and what was applied last, the third side of a three-way
/// comparison.
struct ServicePast: Sendable, Equatable {
    /// The image as the manifest named it.
    let image: String?
    /// What was released last, where it is recorded.
    private(set) var release: ReleaseRecord?
    /// The content that was rolled out, or that another user's hand has put there and an apply has taken.
    private(set) var digest: String?
    let desiredCount: Int?
    /// What of its configuration was declared.
    let settings: JSON?
    /// Digests that ECS gave up on here and that have not succeeded since.
    private(set) var refused: Set<String> = []

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
        self.image = image
        self.desiredCount = desiredCount
        self.settings = settings
        // Ledgers of 0.1.0 hold the image alone.
        self.release = release ?? image.map { ReleaseRecord(image: $0, schema: nil, given: []) }
        for rollout in rollouts { take(rollout) }
    }

    /// The same once these are recorded, too: how a rollout ended, and what was released with it.
    func after(_ facts: [Fact]) -> ServicePast {
        var past = self
        for fact in facts {
            if let rollout = fact.value(of: FactName.rollout) { past.take(rollout) }
            if let release = fact.value(of: FactName.release) { past.release = release }
        }
        return past
    }

    private mutating func take(_ rollout: RolloutEnd) {
        switch rollout {
        case .refused(let digest): refused.insert(digest)
        case .taken(let digest): self.digest = digest
        case .completed(let digest):
            refused.remove(digest)
            self.digest = digest
        }
    }
}
