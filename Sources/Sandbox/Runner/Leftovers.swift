import Glibc

/// Finds processes of a sandbox that outlived it, or their task: after a crash of the sandbox, or because they left their
/// process group.
///
/// They are known by a variable that every process of a sandbox inherits. Its value has a secret of the directory that the
/// sandbox hands to no one else: whoever sets the variable by hand, such as the calling shell, is not taken for one of them.
struct Leftovers: Sendable {
    /// The variable's name.
    static let variable = "RECONCILE_SANDBOX"
    /// The variable's value: the sandbox's directory and its secret.
    let mark: String

    private static let secretFile = ".processes"

    /// - Parameter directory: its secret is made at its first start, and kept: a sandbox finds what one before it has left.
    init(of directory: String) throws(FileError) {
        let path = "\(directory)/\(Self.secretFile)"
        if !FileTree.exists(path) {
            var generator = SystemRandomNumberGenerator()
            let secret = (0..<2).map { _ in String(generator.next(), radix: 16) }.joined()
            try FileTree.replace(path, with: Array(secret.utf8))
        }
        mark = "\(directory):" + String(decoding: try FileTree.read(path), as: UTF8.self)
    }

    /// Ends all processes of the sandbox. Call it only while holding the directory's lock.
    func end() async {
        // A process that forks while it is looked for is found at the next look.
        for _ in 0..<50 {
            let found = processes()
            if found.isEmpty { return }
            for process in found where Self.start(of: process.pid) == process.start { kill(process.pid, SIGKILL) }
            do { try await Task.sleep(for: .milliseconds(10)) } catch { return }
        }
    }

    private func processes() -> [(pid: pid_t, start: String)] {
        let names: [String]
        do { names = try FileTree.names(in: "/proc") } catch { return [] }
        let marker = Array("\(Self.variable)=\(mark)".utf8)
        return names.compactMap(pid_t.init).compactMap { process in
            // Processes of other users cannot be read, and ended ones have no environment.
            guard process != getpid(), let start = Self.start(of: process),
                let environment = try? FileTree.read("/proc/\(process)/environ"),
                environment.split(separator: 0).contains(where: { $0.elementsEqual(marker) })
            else { return nil }
            return (process, start)
        }
    }

    /// When a process was started, in clock ticks of the machine: with its number it names a process for good.
    /// (Linux manual, proc_pid_stat(5), field 22.)
    private static func start(of process: pid_t) -> String? {
        guard let bytes = try? FileTree.read("/proc/\(process)/stat") else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[name...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : nil
    }
}
