import Foundation
import Synchronization

/// A child process, started with no signal blocked: Foundation's Process hands down the mask of the thread it is called
/// on, and a child of a concurrency thread then never sees SIGTERM.
final class Spawned: Sendable {
    let pid: pid_t

    /// Held while a child is made and while a program's file is written: a child that inherits a file open for writing
    /// keeps everybody from executing it ("Text file busy").
    static let lock = Mutex(())

    /// glibc's header shows it to GNU sources only.
    private static let closeFrom = unsafeBitCast(
        dlsym(nil, "posix_spawn_file_actions_addclosefrom_np"),
        to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32)?.self)

    struct Failed: Error {
        let code: Int32
        let command: [String]
    }

    init(_ command: [String], environment: [String: String], folder: String?, out: URL, error: URL) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out.path, O_WRONLY | O_APPEND, 0)
        posix_spawn_file_actions_addopen(&actions, 2, error.path, O_WRONLY | O_APPEND, 0)
        // A connection of another test that it inherited would not end for its other side before this child does.
        _ = Self.closeFrom?(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var inherited = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("AWS_") && !name.hasPrefix("GITHUB_") && !name.hasPrefix("RECONCILE_") && name != "CI"
        }
        inherited.merge(environment) { $1 }
        let command = folder.map { ["sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + command } ?? command
        let arguments = command.map { strdup($0) } + [nil]
        let variables = inherited.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid: pid_t = 0
        let code = Self.lock.withLock { _ in
            posix_spawnp(&pid, command[0], &actions, &attributes, arguments, variables)
        }
        guard code == 0 else { throw Failed(code: code, command: command) }
        self.pid = pid
    }

    /// How it ended, once it was reaped: from then on its pid may be another user's.
    private let status = Mutex<Int32?>(nil)

    func signal(_ number: Int32) {
        status.withLock { status in
            if status == nil { kill(pid, number) }
        }
    }

    /// Whether it has not ended yet; it is not reaped by asking.
    var isRunning: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == 0
    }

    /// Waits until it was stopped or has ended, and tells whether it was stopped.
    func isStopped() -> Bool {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WSTOPPED | WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return information.si_code == CInt(CLD_STOPPED)
    }

    /// Its exit code, or 128 and the signal that ended it.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            // A thread of its own: waiting must not take one from the tests.
            Thread.detachNewThread { [self] in
                let status = reap()
                continuation.resume(returning: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + status & 0x7f)
            }
        }
    }

    private func reap() -> Int32 {
        // Waiting is done without the lock, so that it can be signalled meanwhile; and it is reaped with it.
        if let known = status.withLock({ $0 }) { return known }
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return status.withLock { status in
            if let status { return status }
            var code: Int32 = 0
            while waitpid(pid, &code, 0) < 0, errno == EINTR {}
            status = code
            return code
        }
    }
}
