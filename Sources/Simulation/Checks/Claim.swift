import JSON
import Ledger

/// What an outcome claims, against the truth at that moment. nil where it is true.
struct Claim {
    let outcome: Entry
    /// The entry that it is the outcome of.
    let intent: Entry
    /// The deployment that this has started; nil if it is not known.
    let deployment: String?
    let world: World

    private func text(_ key: String) -> String? { intent.payload[key]?.string }
    private var result: String? { outcome.payload["result"]?.string }
    private var cluster: String { World.cluster(of: text("subject")) }
    private var service: JSON? { outcome.resource.flatMap { world.services([$0.name], in: cluster).first } }

    /// A rollout that is recorded as done is done: nothing of what ran before is left.
    var rolloutSucceeded: String? {
        if outcome.resource?.kind == "schedule" { return scheduleMoved }
        guard result == "succeeded", let service, let name = outcome.resource?.name else { return nil }
        let deployments = service["deployments"]?.elements ?? []
        let old = deployments.dropFirst().reduce(0) { $0 + ($1["runningCount"]?.integer ?? 0) }
        if deployments.first?["rolloutState"] != "COMPLETED" || old > 0 {
            return "\(name) is recorded as rolled out, and ECS is still at it"
        }
        if let revision = text("revision"), !world.isDeployed(name, to: revision, in: cluster) {
            return "\(name) is recorded as rolled out to \(revision), and no deployment to it has succeeded"
        }
        let count = intent.payload["desiredCount"]?.integer
        // Another user may have set another count since.
        guard let count, service["desiredCount"]?.integer == count, let running = service["runningCount"]?.integer,
            running != count
        else { return nil }
        return "\(name) is recorded as scaled to \(count), and \(running) run"
    }

    /// A schedule that is recorded as moved starts what it was moved to.
    private var scheduleMoved: String? {
        let wanted = intent.payload["moves"]?.elements.first?["to"]?.string
        guard result == "succeeded", world.scheduled(in: cluster) != wanted else { return nil }
        return "\(outcome.resource?.name ?? "?") is recorded as moved to \(wanted ?? "?"), and starts something else"
    }

    /// A rollout that is recorded as given up is given up.
    var rolloutFailed: String? {
        guard result == "failed", let primary = service?["deployments"]?.elements.first,
            primary["taskDefinition"]?.string == text("revision"), primary["rolloutState"] != "FAILED",
            // Another ledger may have deployed the same since.
            deployment == nil || primary["id"]?.string == deployment
        else { return nil }
        return "\(outcome.resource?.name ?? "?") is recorded as given up, and ECS goes on with it"
    }

    /// A rollout that is recorded as given up has started.
    ///
    /// - Parameter deployed: the revisions that services were moved to.
    func rolloutImagined(_ deployed: Set<String>) -> String? {
        guard result == "failed", let revision = text("revision"), !deployed.contains(revision) else { return nil }
        return "\(outcome.resource?.name ?? "?") is recorded as given up on \(revision), and was never moved to it"
    }

    /// A migration that is recorded as done is done.
    var migrationSucceeded: String? {
        guard result == "succeeded", outcome.payload["decidedByHand"]?.bool != true,
            let version = world.version(of: intent.payload), !world[cluster].applied.contains(version)
        else { return nil }
        // That it once was is true, as long as nothing follows from it.
        if world[cluster].undone.contains(version), learnsOnlyHowLong { return nil }
        return "the migration to \(version) is recorded as succeeded, and the database does not have it"
    }

    private var learnsOnlyHowLong: Bool {
        outcome.payload["facts"]?.elements.allSatisfy { $0["name"]?.string?.hasPrefix("took/") == true } ?? false
    }

    /// A migration that is recorded as never started was never started, as long as it is wanted.
    ///
    /// - Parameters:
    ///   - tasks: those that its token has started.
    ///   - isWanted: whether the launch wants this version, and no one knows it to be in place.
    func migrationAbandoned(tasks: [String], isWanted: Bool) -> String? {
        guard result == "abandoned", isWanted, let task = tasks.last else { return nil }
        return "the migration to \(text("version") ?? "?") is recorded as never begun, and \(task) was started"
    }

    /// A command that is recorded as done has ended with 0.
    func commandSucceeded(task: String?) -> String? {
        guard result == "succeeded", outcome.payload["decidedByHand"]?.bool != true, let task,
            let shown = world.tasks([task]).first
        else { return nil }
        let code = shown["containers"]?.elements.first?["exitCode"]?.integer
        guard shown["lastStatus"] != "STOPPED" || code != 0 else { return nil }
        return "the command is recorded as succeeded, and its task has exit code \(code.map(String.init) ?? "none")"
    }

    /// A mark that is recorded is there.
    var markSet: String? {
        guard result == "succeeded", let revision = text("revision"), let version = text("version"),
            world.mark(on: revision, of: cluster) != version
        else { return nil }
        return "a mark of \(version) is recorded, and \(revision) does not bear it"
    }
}

/// A promise that was broken.
public struct Violation: Sendable, Equatable, CustomStringConvertible {
    /// The invariant, such as `S3`; docs/reliability.md has the list.
    public let invariant: String
    public let detail: String

    init(_ invariant: String, _ detail: String) {
        self.invariant = invariant
        self.detail = detail
    }

    public var description: String { "\(invariant): \(detail)" }
}
