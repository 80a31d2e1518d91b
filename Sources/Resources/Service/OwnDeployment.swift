import AWS
import JSON
import Time

/// Which deployment an update started, as far as the answer to its call tells: another one of the same revision may have
/// been given up before.
enum OwnDeployment: Sendable, Equatable {
    /// Nothing is known of it: every deployment may be it.
    case unknown
    case named(String)
    /// The answer named none. It is none of those that were seen before the call, and not older than the call: the look
    /// before it may have been stale.
    case notAmong(Set<String>, since: Int64?)

    /// - Parameters:
    ///   - receipt: what the ledger holds of the answer; nil if there was none.
    ///   - announced: when the call was announced, by AWS's time.
    init(_ receipt: UpdateReceipt?, announced: Timestamp?) {
        guard let receipt else {
            self = .unknown
            return
        }
        guard let before = receipt.before else {
            self = .named(receipt.deployment)
            return
        }
        self = before.isEmpty ? .unknown : .notAmong(Set(before), since: announced?.seconds)
    }

    /// Whether a look at a service shows it, and another one in its place: then that look is not of the time before it.
    func isReplaced(in deployments: [Deployment]) -> Bool {
        guard case .named(let own) = self else { return false }
        return deployments.contains { $0.id == own && $0.status != "PRIMARY" }
    }

    /// Whether the answer named this one.
    func isNamed(_ deployment: Deployment) -> Bool { self == .named(deployment.id) }

    func mayBe(_ deployment: Deployment) -> Bool {
        switch self {
        case .unknown: return true
        case .named(let own): return deployment.id == own
        case .notAmong(let others, let since):
            let isOlder = since.flatMap { since in deployment.createdAt.map { $0 < since } } ?? false
            return !others.contains(deployment.id) && !isOlder
        }
    }
}
