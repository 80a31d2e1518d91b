import Base
import Glibc

/// What lies at a ledger's path, looked at before SQLite is.
enum LedgerSite {
    /// Makes the folder, and an empty file that no one else may read: SQLite gives its side files the same mode.
    static func prepare(_ path: String) throws(Failure) {
        if access(path, F_OK) == 0 { return try check(path) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for end in parts.indices.dropLast() where !parts[end].isEmpty {
            let folder = parts[...end].joined(separator: "/")
            guard mkdir(folder, 0o700) != 0 else { continue }
            let reason = errno
            guard isFolder(folder) else {
                throw SystemReason.failure("the folder \(folder) for the ledger cannot be made", reason)
            }
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemReason.failure("the ledger \(path) cannot be made", errno) }
        close(file)
        try refuseOrphan(path)
    }

    /// Refuses a path at which there is no ledger, and makes nothing.
    static func require(_ path: String, isReadOnly: Bool = false) throws(Failure) {
        if isVacant(path) { throw LedgerFailure.missing(path) }
        try refuseOrphan(path)
        try check(path, isReadOnly: isReadOnly)
    }

    /// Whether there is a file that this user may read, but not write with all that SQLite keeps next to it.
    static func mayOnlyBeRead(_ path: String) -> Bool {
        guard !path.isEmpty, !isFolder(path), access(path, R_OK) == 0 else { return false }
        return access(path, W_OK) != 0 || access(folder(of: path), W_OK | X_OK) != 0
    }

    /// Whether a ledger would be made here: there is nothing at all, or nothing in it.
    static func isVacant(_ path: String) -> Bool {
        var information = stat()
        let isThere = stat(path, &information) == 0
        // What may not be looked at may well be there.
        if !isThere, errno != ENOENT, errno != ENOTDIR { return false }
        return !isFolder(path) && size(path) == 0 && size(path + "-wal") == 0
    }

    /// The file is not opened for this: closing it would let go the locks that this process holds on it through SQLite.
    private static func check(_ path: String, isReadOnly: Bool = false) throws(Failure) {
        guard !isFolder(path) else { throw SystemReason.failure("the ledger \(path) cannot be opened", EISDIR) }
        try LedgerNames.check(path)
        guard isReadOnly || access(path, R_OK | W_OK) == 0, isReadOnly || access(folder(of: path), W_OK | X_OK) == 0
        else {
            throw SystemReason.failure("the ledger \(path) cannot be opened", errno)
        }
        try refuseOrphan(path)
    }

    /// In bytes: a page of SQLite's. It takes a shorter file for an empty one.
    private static let smallest = 512

    /// SQLite takes an empty file for a new database and deletes the log next to it, with all that is in it.
    ///
    /// A ledger that was just being made has written its file before it writes a log.
    private static func refuseOrphan(_ path: String) throws(Failure) {
        if (1..<smallest).contains(size(path)) {
            guard LedgerTraces.areFound(in: path) else {
                throw LedgerFailure.noLedger(path, cause: ["it does not begin as an SQLite database does"])
            }
            throw LedgerFailure.beyondRepair(path, cause: ["it was cut: \(size(path)) bytes are left of it"])
        }
        guard size(path) == 0, size(path + "-wal") > 0 else { return }
        throw Failure(
            .ledgerDamaged, "the ledger \(path) is empty, but its log \(path)-wal is not",
            hint: "put both back from a copy, or move the log away, too: "
                + "what was done is found again by its marks in AWS")
    }

    /// What SQLite keeps at a path: the file, its log, and the log's index.
    static let sideFiles = ["", "-wal", "-shm"]

    /// Removes a ledger's file and SQLite's own next to it.
    static func remove(_ path: String) { for end in sideFiles { unlink(path + end) } }

    /// Gives a file its name, where nothing has that name yet.
    static func move(_ draft: String, to path: String) throws(Failure) {
        guard link(draft, path) == 0 else { throw SystemReason.failure("\(draft) cannot be renamed to \(path)", errno) }
        remove(draft)
        sync(path)
    }

    /// Has the folder's change survive a power cut. If that fails, nothing is wrong yet.
    static func sync(_ path: String) {
        let folder = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    static func size(_ path: String) -> Int {
        var information = stat()
        return stat(path, &information) == 0 ? Int(information.st_size) : 0
    }
}
