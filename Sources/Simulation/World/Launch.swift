import Base

/// One start of the program, as a scenario asks for it.
public struct Launch: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case apply
        case plan
        case restart
    }

    /// What the manifest has migrations run by.
    public enum Runner: String, Sendable, CaseIterable {
        case task = "ecs-task"
        case lambda
        case process
    }

    public var kind = Kind.apply
    /// What is run once instead of an apply.
    public var errand: Errand?
    public var cluster = Landscape.cluster
    public var environment = "shop-prod"
    /// The only service that it names; nil for all.
    public var service: String?
    public var runner = Runner.task
    /// Of the image that the manifest wants.
    public var tag: String
    /// nil: `"image"`.
    public var version: String?
    /// Whether only what has happened orders versions, and not their numbers.
    public var isOpaque = false
    /// The version of `schema.after`.
    public var after: String?
    /// Launches that name the same ledger share it.
    public var ledger = "a"
    /// The machine that it is made on, where the ledger is in a bucket; nil where it is in a file.
    public var machine: String?
    /// How much later than the others of its act it begins, in milliseconds.
    public var delay = 0
    /// How fast this machine's clock goes, in percent.
    public var pace = 100
    public var retriesFailed = false
    /// The stage of deployments that it waits for; nil for their end.
    public var until: String?
    /// Its place in the order of all releases.
    public var sequence: Int?
    public var allowsOlder = false
    public var isRerunnable = false
    public var hasProbe = false
    public var acceptsNewer = false
    public var desiredCount: Int?
    /// Whether no one starts it again if it dies.
    public var isLeftDead = false
    /// How long it waits for another run's locks, in seconds.
    public var lockPatience = 0
    /// How long it waits for AWS, in seconds.
    public var timeout = 3_600
    /// How far this machine's clock is from the truth, in seconds.
    public var skew = 0
    /// How far the dates of all answers are from the truth, in seconds, as behind a proxy that caches them.
    public var datesOff: Int64?

    public init(_ tag: String, version: String? = nil) {
        self.tag = tag
        self.version = version
    }

    /// A command from what the service runs.
    public init(_ errand: Errand, timeout: Int = 3_600) {
        self.init("v2", version: "0002")
        self.errand = errand
        self.timeout = timeout
    }

    /// Where its file is: of a shared ledger each machine has one.
    var place: String { machine.map { "\($0)-\(ledger)" } ?? ledger }

    /// Whether it takes no locks.
    var isBeside: Bool { errand?.isAlone == false }

    /// The digest of its image.
    var digest: String { Landscape.digest(of: tag) }

    func manifest(_ landscape: Landscape) -> String {
        let count = desiredCount.map { ", \"desiredCount\": \($0)" } ?? ""
        let until = until.map { ", \"until\": \"\($0)\"" } ?? ""
        let services = landscape.services.filter { service == nil || $0.name == service }.map {
            "{\"name\": \"\($0.name)\", \"timeout\": \"60s\"\(count)\(until)\($0.isNew ? $0.creation(landscape) : "")}"
        }.joined(
            separator: ", ")
        return """
            {"apiVersion": "reconcile/v1", "environment": "\(environment)", "region": "\(Landscape.region)",
             "cluster": "\(cluster)",
             "image": {"repository": "\(Landscape.registry)/\(Landscape.repository)", "tag": "\(tag)"},
             \(landscape.hasSchema ? schema(landscape) : "")"services": [\(services)]\(schedules(landscape))}
            """
    }

    private func schedules(_ landscape: Landscape) -> String {
        landscape.hasSchedule ? ", \"schedules\": [{\"rule\": \"\(Landscape.rule(of: cluster))\"}]" : ""
    }

    private func schema(_ landscape: Landscape) -> String {
        let order = isOpaque ? "opaque" : "integer"
        let version = version.map { "\"version\": \"\($0)\", \"order\": \"\(order)\", " } ?? ""
        let accepts = acceptsNewer ? "\"accepts\": \"at-least\", " : ""
        let probe = hasProbe ? ", \"probe\": {\"command\": [\"db-version\"]}" : ""
        let runner =
            switch runner {
            case .task where landscape.hasMigrator: "\"taskDefinition\": {\"family\": \"\(Landscape.migrator)\"}, "
            case .task: ""
            case .lambda: "\"runner\": \"lambda\", \"function\": \"migrator\", "
            case .process: "\"runner\": \"process\", "
            }
        return """
            "schema": {"database": "\(Landscape.database)", \(version)\(accepts)"migrate":
              {\(runner)"environment": {"MIGRATOR_PASSWORD": "\(Landscape.canary)"}, "timeout": "60s",
               "rerunnable": \(isRerunnable)}\(probe)\(after.map { ", \"after\": {\"version\": \"\($0)\"}" } ?? "")},
            """
    }
}
