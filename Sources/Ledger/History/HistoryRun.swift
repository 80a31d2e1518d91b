import Base
import JSON
import Time

/// One run as the ledger has it: who, when, what it did, and how it ended.
public struct HistoryRun: Sendable, Equatable {
    public let environment: String
    public let epoch: Int64
    public let began: Timestamp
    public let user: String
    public let host: String
    public let command: String
    /// The process on ``host``, where it was written down.
    public let process: Int?
    /// What it was to release; nil for other commands.
    public internal(set) var release: Release?
    /// nil where no end was recorded: it was cut off, or is still under way.
    public internal(set) var exit: Int?
    /// The failure's form in the ledger.
    public internal(set) var failure: JSON?
    public internal(set) var seconds: Int64?
    public internal(set) var steps: [HistoryStep] = []
    /// Whether a run of its environment came after it: then it is not under way any more.
    public internal(set) var isOvertaken = false

    public struct Release: Sendable, Equatable {
        /// As it was named.
        public let image: String
        /// What that meant, where the run says it.
        public internal(set) var digest: String?
        /// The declared version; nil where none is.
        public let schema: String?
        /// Which of them were given with an option or a variable, and not by the manifest.
        public let given: [String]
    }

    /// Whether it is seen to hold its environment's lock at this moment; that it is not says nothing.
    ///
    /// - Parameter ledger: the path of the ledger that it is in.
    public func isUnderWay(beside ledger: String) -> Bool {
        guard exit == nil, !isOvertaken, let process else { return false }
        return LockHolder.isProcess(
            process, of: host, holding: RunLocks.name(ofEnvironment: environment), beside: ledger)
    }

    /// Learns the digest from what a step of the run was made of.
    mutating func take(digest: String?) {
        if release?.digest == nil { release?.digest = digest }
    }

    /// - Parameter entry: the run's first entry.
    init(_ entry: Entry) {
        // Of a run whose beginning is not there only the number is known.
        let record = RunRecord(entry.kind == .run ? entry.payload : [:])
        environment = entry.environment
        epoch = entry.epoch
        began = entry.time
        user = record.user
        host = record.host
        command = record.command
        process = record.process
        release = record.release?["image"]?.string.map {
            Release(
                image: $0, digest: IntentRecord.digest(in: $0), schema: record.release?["schema"]?.string,
                given: record.release?["given"]?.elements.compactMap(\.string) ?? [])
        }
    }
}
