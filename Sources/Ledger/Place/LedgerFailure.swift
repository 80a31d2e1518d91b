import Base
import Glibc
import JSON
import SQLite

/// The ledger's failures, each with its remedy.
enum LedgerFailure {
    static func from(_ error: SQLiteError, path: String) -> Failure {
        let cause = [error.description]
        // SQLite undoes a failed write before it is asked for the system's reason, which is another one's by then.
        let isLimit = error.isWrite && !SystemReason.explains(error.systemCode) && SystemReason.limitsFiles
        let reason = isLimit ? EFBIG : error.systemCode
        if SystemReason.explains(reason) {
            let failure = SystemReason.failure("the ledger \(path) cannot be used", reason)
            return Failure(failure.code, failure.summary, hint: failure.hint, cause: cause)
        }
        return switch error {
        case _ where error.isBusy:
            Failure(
                .ledgerBusy, "another process holds the ledger \(path)",
                hint: "wait until it has ended, then run the same command again", cause: cause)
        case _ where error.isFull:
            Failure(
                .ledgerFull, "the disk of the ledger \(path) is full",
                hint: "make room, then run the same command again: nothing is lost", cause: cause)
        case _ where error.isReadOnly:
            Failure(
                .ledgerReadOnly, "the ledger \(path) cannot be written",
                hint: "give this user the right to write it and its folder, or name another one with --ledger",
                cause: cause)
        case _ where error.isNoDatabase && !LedgerTraces.areFound(in: path): noLedger(path, cause: cause)
        // SQLITE_ERROR: the statements are always the same, so what does not fit is the schema.
        case _ where error.isDamaged || error.code == 1: damaged(path, cause: cause)
        default:
            Failure(
                .ledgerUnreadable, "the ledger \(path) cannot be used",
                hint: "check the path and its permissions, or name another one with --ledger", cause: cause)
        }
    }

    /// Of a ledger that may only be read, and whose log cannot be read without writing next to it.
    static func unreadableLog(_ path: String, _ failure: Failure) -> Failure {
        Failure(
            .ledgerReadOnly, "the ledger \(path) may only be read, and its log \(path)-wal is not taken in yet",
            hint:
                "run the same command again after the run that writes it has ended, or as a user who may write the folder; "
                + "or copy the ledger with its log to a folder of your own and name it with --ledger",
            cause: failure.cause)
    }

    /// Of one file under two names each has a log and locks of its own.
    static func severalNames(_ path: String, _ why: String, hint: String) -> Failure {
        Failure(
            .ledgerUnreadable, "the ledger \(path) \(why): its log and its locks would not be shared",
            hint: hint)
    }

    static func damaged(_ path: String, cause: [String]) -> Failure {
        Failure(
            .ledgerDamaged, "the ledger \(path) is damaged, and nothing is read from it",
            hint:
                "keep what verifies, or move it away and run again: what was done is found again by its marks in AWS\n"
                + rebuild(path),
            cause: cause)
    }

    private static func rebuild(_ path: String) -> String {
        "reconcile ledger rebuild --ledger \(ShellWord.quoted(path))"
    }

    static func beyondRepair(_ path: String, cause: [String]) -> Failure {
        Failure(
            .ledgerDamaged, "the ledger \(path) has a damaged header: nothing can be recovered",
            hint: "move it away and run again: what was done is found again by its marks in AWS", cause: cause)
    }

    static func wrongFacts(_ path: String, _ subjects: [String]) -> Failure {
        Failure(
            .ledgerDamaged, "the ledger \(path) keeps facts that do not follow from its entries",
            hint: "derive them again: the entries are intact\n\(rebuild(path))",
            cause: subjects.map { "the facts of \($0)" })
    }

    /// A shared ledger cannot be rebuilt: what is wrong in the store is wrong for all.
    static func damagedObject(_ url: String, cause: [String]) -> Failure {
        Failure(
            .ledgerDamaged, "the shared ledger \(url) is damaged, and nothing is read from it",
            hint:
                "restore the object's earlier version if the bucket keeps versions; or write what verifies to another place, and "
                + "name that with --ledger from then on:\nreconcile ledger rebuild --ledger \(ShellWord.quoted(url)) --to "
                + "s3://BUCKET/PREFIX",
            cause: cause)
    }

    /// The advice for a damaged copy of a shared ledger is to remove it. A rebuilt copy would fork the ledger.
    static func ofCopy(_ failure: Failure, _ path: String, _ url: String) -> Failure {
        guard failure.summary == damaged(path, cause: []).summary else { return failure }
        return damagedCopy(path, of: url, cause: failure.cause)
    }

    static func damagedCopy(_ path: String, of url: String, cause: [String]) -> Failure {
        Failure(
            .ledgerDamaged, "this machine's copy \(path) of the shared ledger \(url) is damaged",
            hint: "remove it, and run the same command again: it is read from the bucket again\n\(removal(path))",
            cause: cause)
    }

    static func copyIsNotRebuilt(_ path: String) -> Failure {
        Failure(
            .ledgerForeign, "\(path) is a machine's copy of a shared ledger: rebuilt, it would go on by itself",
            hint: "if it is damaged, remove it: it is read from the bucket again\n\(removal(path))")
    }

    private static func removal(_ path: String) -> String {
        // With its log.
        "rm -f \(ShellWord.quoted(path))*"
    }

    static func otherLedger(_ url: String, _ found: String, copy: String, _ known: String) -> Failure {
        Failure(
            .ledgerForeign, "\(url) is not the ledger that this machine knows under this name",
            hint: "if the ledger was replaced on purpose, remove this machine's copy of the old one:\n"
                + removal(copy),
            cause: ["the store has the lineage \(found)", "the copy \(copy) has the lineage \(known)"])
    }

    /// Of a bucket that was put back to an earlier state, by versions or from a backup.
    static func wentBack(_ url: String, copy: String, to count: Int64) -> Failure {
        Failure(
            .ledgerForeign, "\(url) does not have what this machine has read there, up to entry \(count)",
            hint: "restore the bucket's newer objects; or, if it was put back on purpose, remove this machine's copy:\n"
                + removal(copy),
            cause: ["the bucket was put back to an earlier state, or its objects were changed"])
    }

    static func contended(_ url: String) -> Failure {
        Failure(
            .awsRefused, "the store of \(url) refuses each write as one of several at once (409)",
            hint: "wait until no other run is at work, then run the same command again")
    }

    /// A copy would mix two ledgers.
    static func occupied(_ place: String, _ found: String, _ own: String) -> Failure {
        Failure(
            .ledgerForeign, "\(place) holds another ledger already",
            hint: "name another place; nothing was written there",
            cause: ["it has the lineage \(found)", "what is to be copied has the lineage \(own)"])
    }

    static func forked(_ place: String, _ source: String) -> Failure {
        Failure(
            .ledgerForeign, "\(place) has entries that \(source) does not have",
            hint: "the copy is newer: use it, or name another place; nothing was changed",
            cause: ["one of them went on after they were the same"])
    }

    /// A run that comes second learns who holds the lock.
    static func locked(_ name: String, by holder: JSON?) -> Failure {
        // It has the lock, and has not written yet who it is.
        let known = holder.map(self.holder) ?? "a run that has just started"
        return Failure(
            .environmentLocked, "\(name) is locked by another run",
            hint: "wait until it has ended, or pass --lock-timeout 10m", cause: ["holder: \(known)"])
    }

    /// What is said while a lock is waited for.
    static func waiting(_ name: String, for holder: JSON?) -> String {
        "waiting for the lock of \(name), held by \(holder.map(self.holder) ?? "a run that has just started")"
    }

    /// What a holder wrote down of itself, for people.
    static func holder(_ holder: JSON) -> String {
        func text(_ key: String) -> String { holder[key]?.string ?? "?" }
        let pid = holder["pid"]?.integer.map(String.init) ?? "?"
        let url = holder["url"]?.string.map { ", \($0)" } ?? ""
        return "\(text("user")) on \(text("host")), process \(pid), since \(text("since"))\(url)"
    }

    static func overtaken(_ ledger: String) -> Failure {
        Failure(
            .leaseLost, "another run has gone on from here in the ledger \(ledger)",
            hint: "run the same command again: it resumes from here, and takes over what is still running")
    }

    /// Of a copy into a bucket that was interrupted, or is going on.
    static func unfinishedCopy(_ url: String) -> Failure {
        Failure(
            .ledgerForeign, "\(url) has entries of a ledger, and not yet all of them",
            hint: "run reconcile ledger copy again, or name another prefix with --ledger")
    }

    static func leaseLost(_ lock: String, _ why: String) -> Failure {
        Failure(
            .leaseLost, "the lock of \(lock) is lost: \(why)",
            hint: "run the same command again: it resumes from here, and takes over what is still running")
    }

    static func inUse(_ path: String) -> Failure {
        Failure(
            .ledgerBusy, "another process has the ledger \(path) open",
            hint: "wait until it has ended, then run the same command again")
    }

    static func moved(_ path: String) -> Failure {
        Failure(
            .ledgerMoved, "the ledger \(path) is not the file any more that was opened: nothing was appended",
            hint: "run the same command again: it begins with what is at the path now, and finds what was under way")
    }

    static func missing(_ path: String) -> Failure {
        Failure(
            .ledgerUnreadable, "there is no ledger at \(path)",
            hint: "name the manifest that it belongs to, or the ledger with --ledger; the first apply makes one")
    }

    static func foreign(_ path: String) -> Failure {
        Failure(
            .ledgerForeign, "\(path) is an SQLite database, but not a reconcile ledger",
            hint: "name another file with --ledger; this one is left as it is")
    }

    /// Of a file that is none of SQLite's.
    static func noLedger(_ path: String, cause: [String]) -> Failure {
        Failure(
            .ledgerForeign, "\(path) is not a ledger",
            hint: "name the ledger's own file with --ledger; this one is left as it is", cause: cause)
    }

    static func newer(_ path: String, format: Int64) -> Failure {
        Failure(
            .ledgerNewer, "the ledger \(path) has format \(format), which is newer than this program knows",
            hint: "use the release of reconcile that wrote it, or a later one")
    }
}
