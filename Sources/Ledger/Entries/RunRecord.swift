import Base
import JSON

/// What a run's first entry says: who does what, where.
public struct RunRecord: Record {
    public let command: String
    /// This program's.
    public let version: String?
    /// The manifest's path.
    public let manifest: String?
    public let host: String
    public let user: String
    /// The process on ``host``.
    public let process: Int?
    /// Where CI shows it; nil elsewhere.
    public var url: String?
    /// What it is to release; nil for other commands.
    public var release: JSON?
    /// Who it is to AWS, where that could be found out.
    public var caller: String?
    /// The locks that it took away from other runs, and from whom.
    public var unlocked: [JSON] = []

    public init(
        command: String, version: String? = nil, manifest: String? = nil, host: String, user: String, process: Int?
    ) {
        self.command = command
        self.version = version
        self.manifest = manifest
        self.host = host
        self.user = user
        self.process = process
    }

    /// What is not there is a question mark: a run is shown whatever it said of itself.
    public init(_ json: JSON) {
        command = json["command"]?.string ?? "?"
        version = json["version"]?.string
        manifest = json["manifest"]?.string
        host = json["host"]?.string ?? "?"
        user = json["user"]?.string ?? "?"
        process = json["pid"]?.integer
        release = json["release"]
        caller = json["caller"]?.string
        url = json["url"]?.string
        unlocked = json["unlocked"]?.elements ?? []
    }

    public var json: JSON {
        .members([
            "command": command, "version": version, "manifest": manifest, "host": host, "user": user, "pid": process,
            "url": url, "release": release, "caller": caller, "unlocked": unlocked.isEmpty ? nil : unlocked,
        ])
    }
}

/// What a run's last entry says.
public struct EndRecord: Record {
    public let exit: Int
    /// The failure's form in the ledger.
    public let failure: JSON?
    /// How often readings were tried again, by failure code.
    public let retries: JSON?

    public init(_ failure: Failure?, retries: [(code: String, times: Int)]) {
        exit = Int((failure?.exit ?? .converged).rawValue)
        self.failure = failure?.json
        self.retries =
            retries.isEmpty
            ? nil : .array(retries.map { ["code": .string($0.code), "times": .integer($0.times)] })
    }

    public init?(_ json: JSON) {
        guard let exit = json["exit"]?.integer else { return nil }
        self.exit = exit
        failure = json["failure"]
        retries = json["retries"]
    }

    public var json: JSON { .object(dropping: ["exit": .integer(exit), "failure": failure, "retries": retries]) }
}
