import JSON

/// A service that a ledger's run has moved to a content.
struct Rollout: Hashable, Sendable {
    let ledger: String
    let cluster: String
    let service: String
    let content: String

    /// - Parameter input: what UpdateService or CreateService was asked for; nil if it names no revision.
    init?(_ input: JSON, _ launch: Launch, _ world: World) {
        guard let revision = input["taskDefinition"]?.string,
            let service = (input["service"] ?? input["serviceName"])?.string
        else { return nil }
        ledger = launch.ledger
        cluster = input["cluster"]?.string ?? "?"
        self.service = service
        content = world.content(of: revision)
    }
}
