import Glibc

/// Finds processes of a sandbox that outlived it, or their task: after a crash of the sandbox, or because they left their
/// process group. They are known by a variable that every process of a sandbox inherits.
enum Leftovers {
    /// The variable's name; its value is the sandbox's directory.
    static let variable = "RECONCILE_SANDBOX"

    /// Ends all processes of the sandbox of a directory. Call it only while holding the directory's lock.
    static func end(of directory: String) async {
        let marker = Array("\(variable)=\(directory)".utf8)
        // A process that forks while it is looked for is found at the next look.
        for _ in 0..<50 {
            let found = processes(with: marker)
            if found.isEmpty { return }
            for process in found { kill(process, SIGKILL) }
            do { try await Task.sleep(for: .milliseconds(10)) } catch { return }
        }
    }

    private static func processes(with marker: [UInt8]) -> [pid_t] {
        let names: [String]
        do { names = try FileTree.names(in: "/proc") } catch { return [] }
        return names.compactMap(pid_t.init).filter { process in
            // Processes of other users cannot be read, and ended ones have no environment.
            guard process != getpid(), let environment = try? FileTree.read("/proc/\(process)/environ") else {
                return false
            }
            return environment.split(separator: 0).contains { $0.elementsEqual(marker) }
        }
    }
}
