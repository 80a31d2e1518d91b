import Base
import Glibc
import SQLite

/// Brings a ledger of format 1 into the present one: its entries are copied, each verified, into a new file that takes the
/// old one's place. The old file stays next to it, as `NAME.format-1-1`.
///
/// Entries and their digests are the same in both formats. Format 1 derived tables from them, which format 2 does not have.
struct LedgerUpgrade {
    let path: String

    private var lock: String { path + ".format-1-lock" }

    /// - Throws: ``Failure`` with code `ledger-busy` where another process has the ledger open, `ledger-damaged` where an
    ///   entry does not verify; then nothing was changed.
    func run() throws(Failure) {
        let turn = try turn()
        // The lock is its holder's until the file is closed, also by a crash.
        defer {
            unlink(lock)
            close(turn)
        }
        do throws(Failure) {
            // Who was first may have done it, and go on with it.
            if try LedgerFile(existing: path).format != 1 { return }
            let file = try LedgerFile(alone: path, patience: LedgerFile.patience)
            defer { withExtendedLifetime(file) {} }
            let successor = LedgerSuccessor(path: path)
            if let damage = try successor.copy(file).damage { throw damage }
            _ = try successor.swap(file, aside: "format-1")
        } catch let error where error.code == .ledgerMoved {
            // A rebuild has replaced it: the caller opens it again.
            return
        }
    }

    /// Waits until no other process is at it: two that wait for each other to close the ledger would wait for nothing.
    private func turn() throws(Failure) -> Int32 {
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemReason.failure("the lock \(lock) cannot be made", errno) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let reason = errno
                close(descriptor)
                throw SystemReason.failure("the lock \(lock) cannot be taken", reason)
            }
        }
        return descriptor
    }
}

extension LedgerUpgrade {
    /// Opens a ledger's file, in the present format.
    ///
    /// - Parameter mayOnlyRead: whether one that this user may not write is opened all the same, in whatever format.
    static func opened(
        _ store: LedgerLocation, mayOnlyRead: Bool, _ entropy: (Int) -> [UInt8]
    ) throws(Failure) -> LedgerFile {
        func open() throws(Failure) -> LedgerFile {
            let isReadable = mayOnlyRead && LedgerSite.mayOnlyBeRead(store.path)
            return isReadable ? try LedgerFile(existing: store.path) : try LedgerFile(store, entropy: entropy)
        }
        for _ in 0..<8 {
            do {
                let file = try open()
                if file.format == LedgerSchema.format || file.isReadOnly { return file }
            } catch let error where error.code == .ledgerMoved {
                // Another process has just put the new file in its place.
                continue
            }
            try LedgerUpgrade(path: store.path).run()
        }
        return try open()
    }
}
