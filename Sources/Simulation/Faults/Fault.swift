/// What can go wrong at one input or output.
public enum Fault: String, Sendable, CaseIterable {
    /// The process dies before the call has left, or before the commit.
    case crashBefore
    /// The process dies when the effect is there and before it can know.
    case crashAfter
    /// The answer is lost; of a commit: it is reported as failed and is there.
    case lost
    /// A signal arrives: the process is asked to end, and its last entries can still be written.
    case cancelled
    /// The same when the effect is there.
    case cancelledAfter
    /// The connection breaks before anything has arrived.
    case reset
    case unreachable
    case throttled
    case unavailable
    /// A 500 although the effect is there.
    case failedAfter
    case denied
    case expired
    /// A proxy passes the call on and answers by itself: with a page and 408, or with words of its own and 400.
    case proxied
    case proxyJSON
    /// A proxy answers by itself and passes nothing on.
    case blocked
    /// The same with 200 and nothing in the body.
    case swallowed
    /// A proxy passes a call that changes something on, and answers with what it has kept of the one before.
    case replayed
    /// The answer's date is of some hours ago, as from a cache; years ahead; or not there.
    case dateStale
    case dateAhead
    case dateMissing
    /// An answer that is no JSON.
    case malformed
    /// An answer from which everything is missing.
    case emptied
    /// 200 OK with `failures[]` and nothing else.
    case failures
    /// States that no release knows.
    case strange
    /// A read that shows what was some time before.
    case stale
    /// A write takes effect some seconds after its sender has given up waiting.
    case late
    /// The store says that another write was in the middle (409).
    case conflicted
    /// The process and its background tasks are stopped, often for longer than a lease lasts.
    case paused
    /// The ledger's disk is full, or does not take writes.
    case diskFull
    /// The ledger cannot be read or written at all.
    case diskBroken

    /// The faults of a call that leave the process alive.
    public static let ofCalls: [Fault] = [
        .lost, .reset, .unreachable, .throttled, .unavailable, .failedAfter, .denied, .expired, .malformed, .emptied,
        .failures, .strange, .stale, .proxied, .proxyJSON, .blocked, .swallowed, .replayed, .dateStale, .dateAhead,
        .dateMissing,
    ]
    /// Those of a bucket with a ledger.
    public static let ofStores: [Fault] = [
        .lost, .reset, .unreachable, .throttled, .unavailable, .failedAfter, .stale, .proxied, .blocked, .swallowed,
        .dateStale, .dateAhead, .dateMissing, .late, .conflicted, .paused,
    ]
    /// Those that every play can meet.
    static let usual = allCases.filter { ![.late, .conflicted, .paused].contains($0) }
    public static let ofLedgers: [Fault] = [.diskFull, .diskBroken, .lost]
    public static let ends: [Fault] = [.crashBefore, .crashAfter, .cancelled, .cancelledAfter]
}
