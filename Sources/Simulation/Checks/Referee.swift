import JSON
import Ledger

/// Judges every event against the truth. It reads the world past all faults, and never what a process believes.
struct Referee: Sendable {
    let landscape: Landscape
    private(set) var violations: [Violation] = []
    /// By name.
    private(set) var shadows: [String: Shadow] = [:]
    private var copies: [String: Shadow] = [:]
    /// Revisions by the digest that they were registered for.
    private var registered: [String: [String]] = [:]
    private(set) var migrations = Started()
    /// Versions whose unknown end a manifest has declared harmless.
    private var rerunnable: Set<String> = []
    /// When marks were set, by version.
    private var markedAt: [String: Int] = [:]
    /// Whether two ledgers have started attempts of different numbers between each other's looks.
    private var hasRaced = false
    /// When a service was moved last.
    private var movedAt = 0
    /// The revisions that services were moved to.
    var deployed: Set<String> = []
    /// The contents that each ledger's runs have moved services to: a call that AWS refused has moved nothing.
    var rolledOut: Set<Rollout> = []
    /// Versions whose migration was invoked and whose answer the ledger does not hold, by the tokens of the intents.
    private var unheard: [String: String] = [:]
    /// Images that ECS gave up on, by service.
    var refused: [String: Set<String>] = [:]
    /// Faults so far, and of which kinds.
    private var faults = 0
    private(set) var hasSeen: Set<Fault> = []
    /// Whether a log could not be read at some time.
    private(set) var hasUnreadLog = false
    private(set) var hasLostLedger = false

    var order = ReleaseOrder()
    /// The tasks of commands that each ledger has started.
    var errands: [String: Int] = [:]
    /// The intents of restarts that were sent.
    var restarted: Set<String> = []

    init(_ landscape: Landscape) { self.landscape = landscape }

    mutating func report(_ invariant: String, _ detail: String) {
        violations.append(Violation(invariant, detail))
    }

    mutating func note(_ fault: Fault, at name: String) {
        faults += 1
        if name == "GetLogEvents" { hasUnreadLog = true }
        hasSeen.insert(fault)
    }

    // MARK: - Ledgers

    mutating func recorded(_ entry: Entry, by launch: Launch, _ world: World) {
        let ledger = launch.ledger
        let before = shadows[ledger, default: Shadow()]
        if entry.sequence != Int64(before.entries.count) + 1 {
            report("S6", "entry \(entry.sequence) follows \(before.entries.count) entries")
        }
        if entry.kind == .run, entry.epoch <= before.epoch {
            report("S7", "a run takes epoch \(entry.epoch) after \(before.epoch)")
        }
        repeated(entry, by: launch, in: before)
        shadows[ledger, default: Shadow()].append(entry, at: world.now, isBeside: launch.isBeside)
        silence(entry.payload.compact, "the ledger's entry \(entry.sequence)")
        hear(entry)
        guard entry.kind == .outcome, let intent = before.open[Int64(entry.payload["intent"]?.integer ?? 0)] else {
            return
        }
        let deployment = before.deployment(of: intent)
        judge(Claim(outcome: entry, intent: intent, deployment: deployment, world: world), before, launch)
        // What the manifest says may be run again needs no one's decision.
        if entry.payload["action"] == "migrate", entry.payload["result"] == "failed", launch.isRerunnable,
            let version = world.version(of: intent.payload)
        {
            rerunnable.insert(Self.name(of: version, launch.cluster))
        }
    }

    /// An answer was kept, a person has decided, or the database itself has said how far it is.
    private mutating func hear(_ entry: Entry) {
        if entry.kind == .accepted || entry.payload["decidedByHand"]?.bool == true { unheard[entry.token] = nil }
        for fact in entry.payload["facts"]?.elements ?? [] {
            guard let name = fact["name"]?.string, name.hasPrefix("probed/"),
                fact["value"]?.string?.hasPrefix("unreadable") == false
            else { continue }
            unheard[String(name.dropFirst("probed/".count))] = nil
        }
    }

    private mutating func judge(_ claim: Claim, _ ledger: Shadow, _ launch: Launch) {
        let found: [String?]
        switch claim.outcome.payload["action"]?.string {
        case "run": found = [claim.commandSucceeded(task: ledger.task(of: claim.intent))]
        case "update", "create", "restart":
            // Another ledger may have moved the service on between the look and the record of it.
            let isMoved = shadows.count > 1 && claim.world.now - movedAt < Started.lookToStart
            found = [
                hasSeen.contains(.stale) || isMoved ? nil : claim.rolloutSucceeded, claim.rolloutFailed,
                claim.rolloutImagined(deployed),
            ]
        case "mark": found = [claim.markSet]
        case "migrate":
            let tasks = migrations.arns(token: claim.intent.token, ledger: launch.ledger)
            let version = claim.intent.payload["version"]?.string ?? "?"
            let cluster = World.cluster(of: claim.intent.payload["subject"]?.string)
            let isKnown =
                ledger.knows(version: version, in: cluster) || marks(claim.world, of: cluster).contains(version)
            let isWanted = version == launch.version ?? launch.digest
            found = [
                claim.migrationSucceeded, claim.migrationAbandoned(tasks: tasks, isWanted: isWanted && !isKnown),
            ]
        default: found = []
        }
        for detail in found.compactMap(\.self) { report("S9", detail) }
    }

    private func marks(_ world: World, of cluster: String) -> Set<String> {
        world.marks(landscape.families, of: cluster)
    }

    /// A version of a cluster's database.
    private static func name(of version: String, _ cluster: String) -> String { "\(cluster) \(version)" }

    mutating func lost(_ ledger: String) {
        shadows[ledger] = nil
        migrations.forget(ledger)
        hasLostLedger = true
    }

    mutating func copied(_ ledger: String) { copies[ledger] = shadows[ledger] }

    mutating func restored(_ ledger: String) {
        shadows[ledger] = copies[ledger]
        migrations.forget(ledger)
    }

    /// What an opened ledger says, against what was written into it.
    mutating func opened(_ ledger: String, _ entries: [Entry]) {
        let taken = shadows[ledger, default: Shadow()].entries
        // The chain vouches for what is before the last entry.
        if entries.count != taken.count || entries.last.map(Self.line) != taken.last.map(Self.line) {
            report("S6", "the ledger has \(entries.count) entries, and not the \(taken.count) it took")
        }
    }

    /// An entry in the form in which it is stored: the order of members does not count.
    private static func line(_ entry: Entry) -> String {
        "\(entry.sequence) \(entry.epoch) \(entry.kind) \(entry.token) \(entry.payload.canonical)"
    }

    // MARK: - Effects

    /// The effect of a call that was answered with success.
    mutating func saw(
        _ operation: String, _ input: JSON, _ answer: JSON, by launch: Launch, before: World, after world: World
    ) {
        switch operation {
        case "RegisterTaskDefinition":
            let digest = input["tags"]?.elements.first { $0["key"] == "reconcile:digest" }?["value"]?.string ?? "?"
            let arn = answer["taskDefinition"]?["taskDefinitionArn"]?.string ?? "?"
            // What someone has deregistered cannot be used any more.
            registered[digest, default: []].removeAll { !before.isActive($0) }
            registered[digest, default: []].append(arn)
            let others = shadows.count - 1
            let bound = 1 + others + (hasSeen.contains(.stale) ? faults : 0)
            if registered[digest, default: []].count > bound {
                report("S4", "\(registered[digest, default: []].count) revisions of one content")
            }
        case "RunTask" where Errand(words: World.words(of: input)) != nil:
            judgeErrand(input, launch, before)
        case "RunTask" where isMigration(input):
            guard let arn = answer["tasks"]?.elements.first?["taskArn"]?.string, !migrations.arns.contains(arn) else {
                break
            }
            let version = before.version(running: input)
            judgeContraction(version, input, before)
            begun(
                version, token: input["clientToken"]?.string ?? "none", launch, before, input["cluster"]?.string ?? "?")
            let token = input["clientToken"]?.string ?? "none"
            migrations.add(
                arn, token: token, ledger: launch.ledger, attempt: attempt(token, launch.ledger), at: before.now,
                epoch: shadows[launch.ledger]?.epoch ?? 0)
        case "InvokeFunction", "StartProcess":
            guard let name = answer["program"]?.string, !migrations.arns.contains(name) else { break }
            let token = input["token"]?.string ?? "none"
            let version = before.images[launch.digest]?.version
            begun(version, token: token, launch, before, launch.cluster)
            migrations.add(
                name, token: token, ledger: launch.ledger, attempt: attempt(token, launch.ledger), at: before.now,
                epoch: shadows[launch.ledger]?.epoch ?? 0)
            if operation == "InvokeFunction" { unheard[token] = version.map { Self.name(of: $0, launch.cluster) } }
        case "UpdateService", "CreateService":
            if input["forceNewDeployment"] == true { judgeRestart(input, launch) }
            movedAt = world.now
            order.moved(by: launch)
            if let revision = input["taskDefinition"]?.string {
                deployed.insert(revision)
                if let rollout = Rollout(input, launch, world) { rolledOut.insert(rollout) }
            }
        case "TagResource":
            for cluster in landscape.clusters {
                guard let version = World.mark(in: input["tags"], of: cluster) else { continue }
                let name = Self.name(of: version, cluster)
                markedAt[name] = markedAt[name] ?? world.now
            }
        default: break
        }
        watch(world)
    }

    /// A new task of a migration.
    private mutating func begun(
        _ version: String?, token: String, _ launch: Launch, _ before: World, _ cluster: String
    ) {
        guard let version else { return }
        let full = Self.name(of: version, cluster)
        if unheard.values.contains(full), !rerunnable.contains(full) {
            report("S8", "the migration to \(version) is started again, and the answer of the last one never came")
        }
        for task in before.tasks(migrations.arns) where task["lastStatus"] != "STOPPED" {
            guard World.cluster(of: task["taskArn"]?.string) == cluster else { continue }
            if shadows.count > 1, before.isPastTokens { continue }
            let own = attempt(token, launch.ledger)
            if migrations.hasRaced(
                task["taskArn"]?.string ?? "?", ledger: launch.ledger, attempt: own, at: before.now)
            {
                hasRaced = true
                continue
            }
            report("S2", "a migration to \(version) is started while \(task["taskArn"]?.string ?? "?") lives")
        }
        if !migrations.arns(token: token, ledger: launch.ledger).isEmpty {
            report("S8", "the migration to \(version) is started again for an intent that has started it")
        }
        let ofThisRun = migrations.arns(ledger: launch.ledger, epoch: shadows[launch.ledger]?.epoch ?? 0)
        if before.tasks(ofThisRun).contains(where: Self.hasFailed), !rerunnable.contains(full) {
            report("S8", "the migration to \(version) has failed in this run, and is started again by it")
        }
        if before[cluster].undecided.contains(version) {
            // A ledger that never saw it has nothing to be careful about, once ECS has forgotten the task.
            // Its own token has started nothing, if this start is the token's first: then another attempt is undecided.
            let hasStarted = !migrations.arns(token: token).isEmpty
            let hasSeen = shadows[launch.ledger, default: Shadow()].hasBegun(
                launch.version == nil ? launch.digest : version, before: token, hasStarted: hasStarted, in: cluster)
            if hasSeen, !rerunnable.contains(full) {
                report("S8", "the migration to \(version) is started again, and nobody knows how the last one ended")
            }
            return
        }
        guard before[cluster].applied.contains(version) else { return }
        let name = launch.version == nil ? launch.digest : version
        let isKnown = shadows[launch.ledger, default: Shadow()].knows(version: name, in: cluster)
        // A mark that another ledger sets between a look and the start that follows from it comes too late.
        let isFresh =
            shadows.count > 1 && before.now - (markedAt[Self.name(of: name, cluster)] ?? 0) < Started.lookToStart
        if isKnown || (marks(before, of: cluster).contains(name) && !isFresh) {
            report("S3", "the migration to \(version), which has succeeded, is started again")
        }
    }

    /// Whether a task's program has ended with an error of its own.
    private static func hasFailed(_ task: JSON) -> Bool {
        (task["containers"]?.elements ?? []).contains { container in
            container["name"]?.string == "app" && container["exitCode"]?.integer == 1
        }
    }

    /// The number of the attempt that an open intent of a ledger announces.
    private func attempt(_ token: String, _ ledger: String) -> Int? {
        shadows[ledger]?.open.values.first { $0.token == token }?.payload["attempt"]?.integer
    }

    /// What old code does not survive is started when none is alive any more.
    private mutating func judgeContraction(_ version: String?, _ input: JSON, _ before: World) {
        guard let version, landscape.images.values.contains(where: { $0.contraction == version }),
            let revision = input["taskDefinition"]?.string,
            let old = before.oldTask(
                besides: revision, landscape.services.map(\.name), in: input["cluster"]?.string ?? "?")
        else { return }
        report("S15", "the migration to \(version) is started while \(old) runs older code")
    }

    /// Looks at what no one has called for.
    mutating func watch(_ world: World) {
        for database in world.databases.values {
            guard let collision = database.collision, shadows.count == 1 || !world.isPastTokens, !hasRaced else {
                continue
            }
            report("S2", collision)
        }
    }
}
