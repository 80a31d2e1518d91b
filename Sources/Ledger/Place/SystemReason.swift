import Base
import Glibc

/// What the system says of a ledger's file that cannot be used, with what to do.
enum SystemReason {
    static func failure(_ summary: String, _ reason: Int32) -> Failure {
        let (code, hint): (Failure.Code, String) =
            switch reason {
            case EACCES, EPERM, EROFS:
                (
                    .ledgerReadOnly,
                    "give this user the right to write it and its folder, or name another one with --ledger"
                )
            case ENOSPC, EDQUOT: (.ledgerFull, "make room, then run the same command again: nothing is lost")
            case EFBIG: (.ledgerFull, "raise the limit of file sizes (ulimit -f), then run the same command again")
            case EMFILE, ENFILE:
                (.ledgerUnreadable, "raise the limit of open files (ulimit -n), then run the same command again")
            case ENOTDIR:
                (.ledgerUnreadable, "a part of the path is a file: move it away, or name another ledger with --ledger")
            case ENAMETOOLONG: (.ledgerUnreadable, "name a shorter path with --ledger")
            case EISDIR: (.ledgerUnreadable, "name a file with --ledger, not a folder")
            default: (.ledgerUnreadable, "check the path, or name another one with --ledger")
            }
        return Failure(code, "\(summary): \(String(cString: strerror(reason)))", hint: hint)
    }

    /// Whether this process may only write files up to a size.
    static var limitsFiles: Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 && limit.rlim_cur != rlim_t.max
    }

    /// Whether the system's reason says what to do, and the reader of the message is served by it.
    static func explains(_ reason: Int32) -> Bool {
        [ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENAMETOOLONG].contains(reason)
    }
}
