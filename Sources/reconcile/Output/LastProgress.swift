import Base
import Reconciler
import Synchronization

/// Tells progress that is news from what a poll has found again.
final class LastProgress: Sendable {
    private struct Place: Hashable {
        let environment: String
        let resource: ResourceID
    }

    private let known = Mutex<[Place: Progress]>([:])

    /// Whether an event is to be shown: not if it repeats what was shown last of its resource, in the same step.
    func isNews(_ event: Event, of environment: String) -> Bool {
        known.withLock { known in
            switch event {
            case .progress(let resource, let progress):
                return known.updateValue(progress, forKey: Place(environment: environment, resource: resource))
                    != progress
            case .started(let resource, _), .finished(let resource, _, _, _):
                known[Place(environment: environment, resource: resource)] = nil
                return true
            case .planned, .log, .left, .warning: return true
            }
        }
    }
}
