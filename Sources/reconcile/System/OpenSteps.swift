import Reconciler
import Synchronization

/// The mutating steps of this process that have started and not ended: for an end that comes too late to ask the ledger.
enum OpenSteps {
    private static let steps = Mutex<Set<String>>([])

    static var isAny: Bool { steps.withLock { !$0.isEmpty } }

    /// Takes note of what a run tells of itself.
    static func note(_ event: Event, of environment: String) {
        switch event {
        case .started(let resource, _): steps.withLock { _ = $0.insert("\(environment) \(resource)") }
        case .finished(let resource, _, _, _): steps.withLock { _ = $0.remove("\(environment) \(resource)") }
        default: break
        }
    }
}
