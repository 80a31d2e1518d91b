import Synchronization
import Time

/// A run that has taken its epoch.
public final class Run: Sendable {
    public let environment: String
    private let taken = Mutex(Int64(0))

    init(environment: String) { self.environment = environment }

    /// Its number. Until its beginning is written, another run may take it: then this one has the next.
    public var epoch: Int64 { taken.withLock(\.self) }

    fileprivate func take(after newest: Int64) -> Int64 {
        taken.withLock { epoch in
            epoch = newest + 1
            return epoch
        }
    }
}

/// An entry before it has its place in the chain.
final class StagedEntry: Sendable {
    let draft: Draft
    let run: Run
    let time: Timestamp
    let awsTime: Timestamp?
    /// Of the run's locks.
    let proof = LockProof.current

    init(_ draft: Draft, of run: Run, _ time: Timestamp, _ awsTime: Timestamp?) {
        self.draft = draft
        self.run = run
        self.time = time
        self.awsTime = awsTime
    }

    /// Whether its run may still write it.
    var isOwn: Bool {
        get async {
            do { try await proof.check() } catch { return false }
            return true
        }
    }

    /// Whether nothing is done that relies on it before the next entry is written.
    var mayWait: Bool { [.run, .outcome, .adopted].contains(draft.kind) }

    func epoch(after newest: Int64) -> Int64 { draft.kind == .run ? run.take(after: newest) : run.epoch }
}
