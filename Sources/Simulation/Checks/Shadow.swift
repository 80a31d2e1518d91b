import JSON
import Ledger

/// What a ledger must hold: every entry whose commit has happened, told past the process that made it.
struct Shadow: Sendable {
    private(set) var entries: [Entry] = []
    private(set) var open: [Int64: Entry] = [:]
    /// When entries were committed, by the world's clock.
    private var times: [Int64: Int] = [:]

    /// The newest epoch of a run that holds the locks.
    private(set) var locked: Int64 = 0

    var epoch: Int64 { entries.map(\.epoch).max() ?? 0 }

    /// - Parameter isBeside: whether it is of a run that takes no locks.
    mutating func append(_ entry: Entry, at time: Int, isBeside: Bool) {
        entries.append(entry)
        // A checkpoint has the epoch of the newest run, whoever makes it.
        if !isBeside, entry.kind != .checkpoint { locked = max(locked, entry.epoch) }
        times[entry.sequence] = time
        if entry.kind == .intent { open[entry.sequence] = entry }
        if entry.kind == .outcome, let intent = entry.payload["intent"]?.integer { open[Int64(intent)] = nil }
    }

    /// Whether the call that is about to be made was announced.
    func announces(_ action: Action, token: String? = nil, resource: String? = nil) -> Bool {
        open.values.contains { entry in
            entry.payload["action"]?.string == action.rawValue && (token == nil || entry.token == token)
                && (resource == nil || entry.resource?.description == resource)
        }
    }

    /// The migrations whose end it does not know.
    var openMigrations: [(intent: Entry, since: Int)] {
        open.values.filter { $0.payload["action"] == "migrate" }.map { ($0, times[$0.sequence] ?? 0) }
    }

    /// The commands whose end it does not know.
    var openCommands: [Entry] { open.values.filter { $0.payload["action"] == "run" } }

    /// The task that an intent has started, as far as it knows.
    func task(of intent: Entry) -> String? { acceptance(of: intent)?["task"]?.string }

    /// The deployment that an intent has started, as far as it knows: an answer may have named none.
    func deployment(of intent: Entry) -> String? {
        acceptance(of: intent)?["deployment"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func acceptance(of intent: Entry) -> JSON? {
        entries.last { $0.kind == .accepted && $0.payload["intent"]?.integer == Int(intent.sequence) }?
            .payload["acceptance"]
    }

    /// Whether the latest end of a rollout of a content to a service was that ECS gave it up.
    func knowsRefusal(of service: String, _ content: String, in cluster: String) -> Bool {
        let last = rollouts(of: content, to: service, in: cluster).last {
            $0.kind == .outcome && ["succeeded", "failed"].contains($0.payload["result"]?.string)
        }
        return ["rollout-rolled-back", "rollout-failed"].contains(last?.payload["failure"]?["code"]?.string)
    }

    /// The intents to roll out a content to a cluster's service, and their outcomes.
    private func rollouts(of content: String, to service: String, in cluster: String) -> [Entry] {
        let own = entries.filter { $0.resource?.description == "service/\(service)" && $0.token == content }
        let intents = own.filter {
            $0.kind == .intent && World.cluster(of: $0.payload["subject"]?.string) == cluster
        }.map(\.sequence)
        return own.filter { entry in
            if entry.kind == .intent { return intents.contains(entry.sequence) }
            return entry.kind == .outcome && intents.contains(Int64(entry.payload["intent"]?.integer ?? 0))
        }
    }

    /// Whether it knows that a version is in place in a cluster's database.
    func knows(version: String, in cluster: String) -> Bool {
        entries.contains { entry in
            entry.payload["facts"]?.elements.contains { fact in
                fact["name"] == "version" && fact["value"]?.string == version
                    && World.cluster(of: fact["subject"]?.string) == cluster
            } ?? false
        }
    }

    /// Whether it has announced a rollout of a content to a service, and knows no success of it since.
    func hasTried(_ service: String, _ content: String, in cluster: String) -> Bool {
        rollouts(of: content, to: service, in: cluster).last.map { $0.payload["result"] != "succeeded" } ?? false
    }

    /// When a rollout of a content to a service was announced first since its last success, by the world's clock.
    func tried(_ service: String, _ content: String, in cluster: String) -> Int {
        let own = rollouts(of: content, to: service, in: cluster)
        let since = own.lastIndex { $0.payload["result"] == "succeeded" }.map { $0 + 1 } ?? 0
        return own[since...].first { $0.kind == .intent }.flatMap { times[$0.sequence] } ?? 0
    }

    /// Whether a migration to a version was started before the one of a token, by an earlier attempt or an earlier run.
    ///
    /// - Parameter hasStarted: whether the token has started a program before.
    func hasBegun(_ version: String, before token: String?, hasStarted: Bool, in cluster: String) -> Bool {
        entries.contains {
            $0.kind == .intent && $0.payload["version"]?.string == version
                && ($0.token != token || hasStarted && $0.epoch < epoch)
                && World.cluster(of: $0.payload["subject"]?.string) == cluster
        }
    }
}
