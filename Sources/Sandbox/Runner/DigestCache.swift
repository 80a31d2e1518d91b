import Glibc
import Synchronization
import Time

/// Remembers digests of folders whose files have not changed since: a task's start must not read its whole image again.
final class DigestCache: Sendable {
    private struct Known {
        let entries: [FileTree.Entry]
        let digest: String
    }

    private let known = Mutex<[String: Known]>([:])

    /// A file that changed this short before may change again within the clock's grain, unseen. In nanoseconds.
    private static let grain = 1_000_000_000

    func digest(of folder: String, _ entries: [FileTree.Entry]) -> String? {
        known.withLock { known in known[folder].flatMap { $0.entries == entries ? $0.digest : nil } }
    }

    func keep(_ digest: String, of folder: String, _ entries: [FileTree.Entry]) {
        let newest = entries.map(\.changed).max() ?? 0
        guard newest + Self.grain < MachineClock.milliseconds * 1_000_000 else { return }
        known.withLock { $0[folder] = Known(entries: entries, digest: digest) }
    }
}

/// This machine's clock.
enum MachineClock {
    /// Milliseconds since 1970.
    static var milliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }

    static func timestamp(_ milliseconds: Int) -> Timestamp { Timestamp(seconds: Int64(milliseconds / 1_000)) }
}
