import Reconciler

/// The words for an event, the same on a live terminal and in a log.
enum EventText {
    static func started(_ change: Change) -> String {
        switch change.action {
        case .register: "registering: \(change.reason)"
        case .migrate: "migrating: \(change.reason)"
        case .probe: "asking the database: \(change.reason)"
        case .run: "running: \(change.reason)"
        case .create: "creating: \(change.reason)"
        case .update: "updating: \(change.reason)"
        case .restart: "restarting: \(change.reason)"
        default: change.reason
        }
    }
}
