import Glibc
import Ledger

/// What the kernel shows of processes. (`proc_pid_stat(5)`.)
enum ProcessTable {
    struct Entry {
        let pid: Int
        let group: Int
        /// In clock ticks since the machine was started: with the process id it names a process for good.
        let start: String
        let hasEnded: Bool
    }

    static func entry(_ pid: Int) -> Entry? {
        guard let stat = ProcessFiles.text("/proc/\(pid)/stat"), let name = stat.lastIndex(of: ")") else { return nil }
        // The name before it may hold anything, spaces and parentheses included.
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        guard fields.count > 19, let group = Int(fields[2]) else { return nil }
        return Entry(pid: pid, group: group, start: String(fields[19]), hasEnded: "ZX".contains(fields[0]))
    }

    /// Whether a process of a group lives. While one does, its number is given to no other.
    static func hasMembers(_ group: Int) -> Bool {
        ProcessFiles.names(in: "/proc").lazy.compactMap { Int($0) }.compactMap(entry)
            .contains { $0.group == group && !$0.hasEnded }
    }
}
