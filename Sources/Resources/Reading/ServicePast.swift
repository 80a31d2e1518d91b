import JSON
import Reconciler

/// What the ledger holds of a service: how its rollouts ended, and what was applied last, the third side of a three-way
/// comparison.
struct ServicePast: Sendable, Equatable {
    /// The image as the manifest named it.
    let image: String?
    /// What was released last, where it is recorded.
    let release: ReleaseRecord?
    /// The content that was rolled out, or that somebody else's hand has put there and an apply has taken.
    let digest: String?
    let desiredCount: Int?
    /// What of its configuration was declared.
    let settings: JSON?
    /// Digests that ECS gave up on here and that have not succeeded since.
    let refused: Set<String>

    /// - Parameter subject: the name under which facts of the service stand in the ledger.
    static func read(_ subject: String, in context: Context) async throws(Failure) -> ServicePast {
        try await context.ledger.facts { facts in
            try ServicePast(
                image: try facts.latest(subject, FactName.image), rollouts: try facts.all(subject, FactName.rollout),
                desiredCount: try facts.latest(subject, FactName.desiredCount),
                settings: try facts.latest(subject, FactName.settings),
                release: try facts.latest(subject, FactName.release))
        }
    }

    private init(
        image: String?, rollouts: [String], desiredCount: String?, settings: String?, release: String?
    ) throws {
        var completed: String?
        var refused: Set<String> = []
        for rollout in rollouts {
            let parts = rollout.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "refused": refused.insert(parts[1])
            case "taken": completed = parts[1]
            default:
                refused.remove(parts[1])
                completed = parts[1]
            }
        }
        self.image = image
        digest = completed
        self.desiredCount = desiredCount.flatMap { Int($0) }
        self.settings = try settings.map { try JSON.parse($0) }
        self.refused = refused
        let recorded = try release.flatMap { ReleaseRecord(try JSON.parse($0)) }
        // Ledgers of 0.1.0 hold the image alone.
        self.release = recorded ?? image.map { ReleaseRecord(image: $0, schema: nil, given: []) }
    }
}
