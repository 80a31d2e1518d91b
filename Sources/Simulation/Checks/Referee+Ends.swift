import Base
import JSON
import Reconciler

/// How processes end, and what they say then.
extension Referee {
    /// No value of a secret is anywhere.
    mutating func silence(_ text: String, _ place: String) {
        let isTold = text.contains(Landscape.canary) || text.contains(Errand.canary)
        if isTold { report("S13", "a secret stands in \(place)") }
    }

    /// What a run may need beyond its own limit: the calls that are under way, and the log of a task that failed.
    private static let grace = 60_000
    /// The invocation that is under way is waited for: without its answer no one would know how it ended.
    private static let longestInvocation = 70_000

    /// How a process ended, and when.
    mutating func ended(
        _ failure: Failure?, of launch: Launch, after milliseconds: Int, _ world: World
    ) {
        let grace = Self.grace + (launch.runner == .lambda ? Self.longestInvocation : 0)
        // Also one that found its content in place.
        if failure == nil, launch.kind == .apply { order.moved(by: launch) }
        if failure == nil { reached(launch, world) }
        if failure == nil, launch.kind == .restart { restarted(launch, since: world.now - milliseconds, world) }
        if failure == nil, launch.kind == .apply, launch.errand == nil { followed(launch, world) }
        if milliseconds > (launch.timeout + launch.lockPatience) * 1_000 + grace {
            report("L5", "a run that may take \(launch.timeout) s took \(milliseconds) ms")
        }
        guard let failure else { return }
        if failure.code == .schemaUndecided { asked(launch, world) }
        silence(failure.json.compact, "a failure")
        if failure.code.exit == .broken { report("L6", "exit 70: \(failure.summary) \(failure.cause)") }
        if failure.hint.isEmpty || failure.summary.isEmpty {
            report("L6", "\(failure.code.rawValue) says no next step")
        }
    }

    /// A command is started once for each time that it is announced, and announced again only when the ledger knows how its
    /// last start ended, or was not to wait for that.
    mutating func judgeErrand(_ input: JSON, _ launch: Launch, _ before: World) {
        guard before.begins(input) else { return }
        errands[launch.ledger, default: 0] += 1
        let announced = shadows[launch.ledger, default: Shadow()].entries.count {
            $0.kind == .intent && $0.payload["action"] == "run"
        }
        if let begun = errands[launch.ledger], begun > announced {
            report("S16", "\(begun) commands were started, and \(announced) announced")
        }
        let open = shadows[launch.ledger, default: Shadow()].openCommands
        let started = open.filter { shadows[launch.ledger]?.task(of: $0) != nil && $0.payload["detached"] != true }
        let tokens = Set(open.filter { entry in !started.contains { $0.sequence == entry.sequence } }.map(\.token))
        if let twice = started.first(where: { tokens.contains($0.token) }) {
            report("S16", "\(twice.payload["command"]?.string ?? "?") is started again, and how it ended is not known")
        }
    }

    /// A deployment that an apply does not wait for to its end has come to the stage that it waits for.
    private mutating func reached(_ launch: Launch, _ world: World) {
        guard let stage = launch.until, launch.kind == .apply, !hasSeen.contains(.stale), shadows.count < 2 else {
            return
        }
        for service in landscape.services where launch.service == nil || service.name == launch.service {
            if !world.hasReached(stage, service.name, with: launch.digest, in: launch.cluster) {
                report("S9", "\(service.name) has not come to \(stage), and the apply is over")
            }
        }
    }

    /// Tasks that a restart leaves are of a deployment that was under way after the command had begun.
    private mutating func restarted(_ launch: Launch, since start: Int, _ world: World) {
        for service in world.services(landscape.services.map(\.name), in: launch.cluster) {
            guard let updated = service["deployments"]?.elements.first?["updatedAt"]?.double,
                Int((updated * 1_000).rounded()) < start
            else { continue }
            report("S16", "\(service["serviceName"]?.string ?? "?") was not restarted, and the command says so")
        }
    }

    /// A restart is sent once for each time that it is announced.
    mutating func judgeRestart(_ input: JSON, _ launch: Launch) {
        let name = input["service"]?.string ?? "?"
        let open = shadows[launch.ledger, default: Shadow()].open.values.filter {
            $0.payload["action"] == "restart" && $0.resource?.name == name
        }
        for intent in open where !restarted.insert("\(launch.ledger) \(intent.sequence)").inserted {
            report("S16", "\(name) is restarted again for an intent that has restarted it")
        }
    }

    /// A person is asked how a migration ended only where AWS cannot tell.
    private mutating func asked(_ launch: Launch, _ world: World) {
        // Answers without what was asked for are the reason then.
        guard hasSeen.isDisjoint(with: [.failures, .strange]) else { return }
        for (intent, since) in shadows[launch.ledger]?.openMigrations ?? [] {
            guard World.cluster(of: intent.payload["subject"]?.string) == launch.cluster else { continue }
            let tasks = migrations.arns(token: intent.token)
            // What another ledger began may be younger than the question.
            let own = migrations.arns(token: intent.token, ledger: launch.ledger)
            let version = world.version(of: intent.payload)
            // What it said, or what it may have said, outweighs how it ended.
            let isOfLog = hasUnreadLog || version.map(world[launch.cluster].saidDirty.contains) ?? false
            if !isOfLog, let task = own.first(where: { world.isTold($0) }) {
                report("L4", "a person is asked how a migration ended, and ECS shows it: \(task)")
            }
            // As long as the token lives, the same call finds out; an invocation has none.
            if tasks.isEmpty, launch.runner != .lambda, world.now - since < 45 * 60_000 {
                report("L4", "a person is asked how a migration ended that has not begun")
            }
        }
    }

    /// What the ledger knows to be refused is refused before anything is prepared for it.
    ///
    /// - Parameter calls: those that had their effect.
    mutating func refused(_ calls: [String]) {
        guard shadows.count == 1, !hasLostLedger, !calls.isEmpty else { return }
        report("L3", "\(calls) were made for what is refused")
    }

    /// Without faults apply makes exactly the calls that its plan means.
    ///
    /// - Parameter calls: those that had their effect.
    mutating func kept(_ plan: Plan, _ calls: [String], by launch: Launch) {
        // A probe is asked where ECS cannot tell: that is no plan's matter. And two machines share the calls of one plan.
        // A ledger that is new meets the attempts of the one that is gone.
        guard !launch.hasProbe, shadows.count == 1, !hasLostLedger else { return }
        if let detail = PlanPromise.broken(plan, calls, launch.runner) { report("L3", detail) }
    }

    /// Deployments that ECS has given up, as it shows them.
    mutating func showed(_ services: JSON, _ world: World) {
        for service in services.elements {
            let cluster = service["clusterArn"]?.string?.split(separator: "/").last ?? "?"
            let name = "\(cluster)/\(service["serviceName"]?.string ?? "?")"
            for deployment in service["deployments"]?.elements ?? [] where deployment["rolloutState"] == "FAILED" {
                if let image = deployment["taskDefinition"]?.string.flatMap(world.image) {
                    refused[name, default: []].insert(image)
                }
            }
        }
    }
}
