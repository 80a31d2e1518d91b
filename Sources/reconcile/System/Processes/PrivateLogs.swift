import Glibc
import Hashing

/// Where raw logs of programs are kept until they are read: in a folder that this user alone may read, and never next to a
/// ledger, which CI caches.
///
/// A program's own folder has a link to its log, so that a later run finds it.
enum PrivateLogs {
    private static let name = "/log"

    /// Makes the link to a log that is yet to be written, unless it is there.
    ///
    /// - Returns: nil where it was made; else the folder that could not be, with the reason in `errno`.
    static func prepare(in folder: String) -> String? {
        let roots = roots()
        guard let root = roots.first(where: isMade) else { return roots.last }
        let log = "\(root)/\(Hex.encode(Machine.randomBytes(16))).log"
        return symlink(log, folder + name) == 0 || errno == EEXIST ? nil : folder
    }

    /// Removes the log that a program's folder leads to.
    static func remove(of folder: String) {
        let log = Files.followed(folder + name)
        if roots().contains(where: { log.hasPrefix($0 + "/") }) { unlink(log) }
    }

    /// The state folder of the XDG Base Directory Specification; where there is none, one of this user's among the temporary
    /// files.
    private static func roots() -> [String] {
        func folder(_ variable: String) -> String? {
            Machine.environment[variable].flatMap { $0.hasPrefix("/") && $0 != "/" ? $0 : nil }
        }
        let state = folder("XDG_STATE_HOME") ?? folder("HOME").map { $0 + "/.local/state" }
        return (state.map { [$0 + "/reconcile/logs"] } ?? []) + ["\(folder("TMPDIR") ?? "/tmp")/reconcile-\(geteuid())"]
    }

    /// Whether a folder is there that this user alone may read and write.
    private static func isMade(_ folder: String) -> Bool {
        for end in folder.indices.dropFirst() where folder[end] == "/" { mkdir(String(folder[..<end]), 0o700) }
        mkdir(folder, 0o700)
        var status = stat()
        guard lstat(folder, &status) == 0 else { return false }
        let isOurs = status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
        if !isOurs { errno = EACCES }
        return isOurs && access(folder, W_OK | X_OK) == 0
    }
}
