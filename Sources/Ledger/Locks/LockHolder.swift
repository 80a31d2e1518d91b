import Glibc
import JSON

/// Finds the holder of a lock without taking it, so that no run is refused because somebody looked.
public enum LockHolder {
    /// - Parameters:
    ///   - name: such as `environment/checkout-prod`.
    ///   - ledger: the path of the ledger next to which the locks are.
    /// - Returns: what the holder wrote down of itself. nil where no one holds the lock, and where it cannot be known: on
    ///   another machine, or in a container of its own.
    public static func of(_ name: String, beside ledger: String) -> JSON? {
        let file = open(RunLocks.path(of: name, beside: ledger), O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, let holder = RunLocks.read(file), let pid = holder["pid"]?.integer else {
            return nil
        }
        return isHeld(inode: UInt64(status.st_ino), by: pid) ? holder : nil
    }

    /// Whether a lock is held by this very process.
    public static func isProcess(_ pid: Int, of host: String, holding name: String, beside ledger: String) -> Bool {
        let holder = of(name, beside: ledger)
        return holder?["pid"]?.integer == pid && holder?["host"]?.string == host
    }

    /// Lines such as `1: FLOCK  ADVISORY  WRITE 4711 08:01:393223 0 EOF`; whoever waits has `->` before its kind.
    /// (Linux manual, proc_locks(5).)
    private static func isHeld(inode: UInt64, by pid: Int) -> Bool {
        ProcFile.text("/proc/locks").split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            return words.count >= 6 && words[1] == "FLOCK" && words[3] == "WRITE" && words[4] == "\(pid)"
                && words[5].split(separator: ":").last == "\(inode)"
        }
    }
}
