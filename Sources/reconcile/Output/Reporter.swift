import Base
import Reconciler

/// Shows what a run tells, while it tells it.
protocol Reporter: Sendable {
    /// - Parameter environment: whose run it is.
    func show(_ event: Event, of environment: String)
    /// The end of one manifest's run.
    func finish(_ end: RunEnd)
}

/// How the run of one manifest ended.
struct RunEnd: Sendable {
    /// What a run that has done its work has done.
    let verb: String
    let manifest: String
    /// nil where the manifest could not be read.
    let environment: String?
    /// The plan that was carried out; nil where there was none.
    let plan: Plan?
    let failure: Failure?
    /// nil where it was not started.
    let elapsed: Duration?
    /// Calls to AWS: those that may change something, and all.
    let calls: CallCount

    /// Of a manifest that had no turn.
    static func skipped(_ member: Fleet.Member, _ failure: Failure) -> RunEnd {
        RunEnd(
            verb: "", manifest: member.path, environment: member.environment, plan: nil,
            failure: CommandHint(manifest: member.path).fill(failure), elapsed: nil,
            calls: CallCount())
    }

    var isBegun: Bool { elapsed != nil }
    /// The failure that is shown at length: of what was not started one line says all.
    var ownFailure: Failure? { isBegun ? failure : nil }

    var exit: Base.ExitCode { failure?.exit ?? .converged }

    /// One line.
    var headline: String {
        let name = environment ?? manifest
        guard let elapsed else { return "\(name): not started" }
        if let failure {
            switch failure.exit {
            case .detached: return "\(name): still under way after \(elapsed.text)"
            case .interrupted: return "\(name): interrupted after \(elapsed.text)"
            default: return "\(name): failed after \(elapsed.text)"
            }
        }
        let news = (plan?.news.flatMap(\.change.notes) ?? []).map { ", \($0)" }.joined()
        guard plan?.isConverged ?? true else { return "\(name): \(verb) in \(elapsed.text)\(news)" }
        return "\(name): in sync\(news.isEmpty ? ", nothing to do" : news)"
    }
}
