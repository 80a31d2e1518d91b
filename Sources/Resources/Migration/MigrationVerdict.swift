import Base

/// What the end of a migration's program proves. Success needs positive evidence; everything else is named for what it is.
enum MigrationVerdict: Sendable, Equatable {
    /// - Parameter version: what the migration says that the database is at, where it says so.
    case succeeded(version: String?)
    /// It ended, and not with success.
    case failed(Failure, version: String?)
    /// It ended, and what it did is not known.
    case undecided(Failure)

    /// - Parameters:
    ///   - rerunnable: whether the manifest says that running it again after an unknown end is safe.
    ///   - wanted: the declared version, and how versions are compared; nil where the image's own is wanted.
    ///   - isFirst: whether the services wait for it.
    static func judge(
        _ end: MigrationEnd, rerunnable: Bool, wanted: WantedVersion?, isFirst: Bool, of resource: ResourceID
    ) -> MigrationVerdict {
        let cause = end.cause + StopReason.logLines(end.log.lines)
        let services = isFirst ? "no service was moved" : "the services run the new code already"
        switch end.way {
        case .exited(0): return succeeded(end, wanted, resource, cause, services)
        case .exited(let code): return failed(code, end, wanted, resource, cause, services)
        case .neverStarted(let advice):
            return .failed(
                Failure(
                    .migrationNotStarted,
                    "the migration was never started: the \(end.noun) stopped before its command ran", of: resource,
                    hint: advice ?? "fix what the cause names, then run the same command again",
                    cause: cause), version: nil)
        case .cutOff(let why) where rerunnable: return .failed(cutOff(why, resource, cause), version: nil)
        case .cutOff(let why), .unknowable(let why): return .undecided(undecided(why, resource, cause))
        }
    }

    /// Its exit code says that it failed. That it has come to the wanted version all the same is not believed: the next
    /// apply would take it for a success, and move the services.
    private static func failed(
        _ code: Int, _ end: MigrationEnd, _ wanted: WantedVersion?, _ resource: ResourceID, _ cause: [String],
        _ services: String
    ) -> MigrationVerdict {
        if let dirty = dirty(end.log) { return .undecided(undecided(dirty, resource, cause)) }
        let found = end.log.version
        let arrived = found.flatMap { found in wanted.flatMap { $0.isMet(by: found) ? found : nil } }
        let lock = FrameworkMessage.found(in: end.log.lines, .lock)
        let hint =
            lock.map { "\($0.framework)'s lock is taken: \($0.advice); then run the same command again" }
            ?? arrived.map {
                "it says that the database is at \($0): if that is so, confirm it: reconcile resolve MANIFEST \(resource) "
                    + "--at \($0) --reason TEXT; if not, \(repair): \(services)"
            } ?? "\(repair): \(services)"
        return .failed(
            Failure(
                .migrationFailed, "the migration failed: \(end.who) ended with exit code \(code)", of: resource,
                hint: hint, cause: cause), version: arrived == nil ? found : nil)
    }

    /// With immutable tags, what is wrong in the image needs another tag.
    private static let repair =
        "fix the migration and apply its new image: reconcile apply MANIFEST --image-tag NEW; or fix what it needs and "
        + "run the same command again"

    /// Its exit code says success. What it says of the database outranks that.
    private static func succeeded(
        _ end: MigrationEnd, _ wanted: WantedVersion?, _ resource: ResourceID, _ cause: [String], _ services: String
    ) -> MigrationVerdict {
        if case .unreadable(let why) = end.log.answer {
            return .undecided(undecided("it ended with exit code 0, but \(why)", resource, cause))
        }
        guard case .version(let found, let isDirty) = end.log.answer else {
            if case .unread(let why) = end.log.end, !end.mayLackLog {
                return .undecided(
                    undecided(
                        "it ended with exit code 0, but the end of its log could not be read: \(why)", resource, cause))
            }
            return .succeeded(version: nil)
        }
        if isDirty {
            return .undecided(
                undecided(
                    "it ended with exit code 0, and says that the database is at \(found), and dirty", resource, cause))
        }
        guard let wanted else { return .succeeded(version: nil) }
        if wanted.isMet(by: found) { return .succeeded(version: found) }
        return .failed(
            Failure(
                .migrationFailed,
                "the migration ended with exit code 0, but the database is at \(found), and \(wanted.version) is wanted",
                of: resource,
                hint:
                    "is \(wanted.version) what this image migrates to? If not, \(repair): \(services)", cause: cause),
            version: found)
    }

    /// Whether a person has to look before anything is run again.
    private static func dirty(_ log: LogTail) -> String? {
        if case .version(let found, isDirty: true) = log.answer {
            return "it says that the database is at \(found), and dirty"
        }
        return FrameworkMessage.found(in: log.lines, .dirty).map {
            "\($0.framework) says that the database is dirty: \($0.advice)"
        }
    }

    /// What the manifest says may be run again.
    static func cutOff(_ why: String, _ resource: ResourceID, _ cause: [String]) -> Failure {
        Failure(
            .migrationFailed, "the migration was cut off: \(why)", of: resource,
            hint: "run the same command again: the manifest says that this migration may be run again", cause: cause)
    }

    static func undecided(_ why: String, _ resource: ResourceID, _ cause: [String]) -> Failure {
        Failure(
            .schemaUndecided, "could not determine whether the migration succeeded: \(why)", of: resource,
            hint: "look at the database, then record what you found: reconcile resolve MANIFEST \(resource) "
                + "--succeeded|--failed|--rerun --reason TEXT",
            cause: cause)
    }
}

extension LogTail {
    /// Where the program says that the database is, clean.
    fileprivate var version: String? {
        if case .version(let found, isDirty: false) = answer { found } else { nil }
    }
}
