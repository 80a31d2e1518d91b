import Glibc

/// The commands that use a sandbox which another command has started: it must not end before they do. The kernel forgets a
/// user when its process ends, however it ends.
public final class SandboxUsers: Sendable {
    private let file: Int32

    /// - Returns: nil where the folder cannot be written.
    public init?(of directory: String) {
        file = open("\(directory)/.users", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if file < 0 { return nil }
    }

    /// Becomes a user, until the process ends.
    ///
    /// - Returns: false where the sandbox is about to end.
    public func join() -> Bool { flock(file, LOCK_SH | LOCK_NB) == 0 }

    /// Keeps others from becoming users, if there is none.
    public func close() -> Bool { flock(file, LOCK_EX | LOCK_NB) == 0 }

    deinit { Glibc.close(file) }
}
