import Base
import Manifest
import Resources
import Synchronization

/// Asks a database for its version: the manifest's probe, run as a one-off command under the database's lock and recorded in
/// the ledger like any other.
enum DatabaseProbe {
    /// - Returns: nil where the manifest declares no probe.
    /// - Throws: ``Failure`` where it did not tell: with the code that the same command has in `reconcile run`, such as
    ///   `command-failed`, or with `probe-unreadable`; where it could not be run at all with another, such as
    ///   `environment-locked`.
    static func ask(
        _ manifest: Manifest, _ options: CommonOptions, _ access: SharedAccess
    ) async throws(Failure) -> ProbeAnswer? {
        guard let schema = manifest.schema else { return nil }
        guard let probe = schema.probe else {
            Terminal.write("\(manifest.environment): no probe is declared, so its database was not asked\n", to: .error)
            return nil
        }
        let answer = Mutex<ProbeAnswer?>(nil)
        let lines = Mutex<[String]>([])
        let talk = LookTalk.emit(manifest.environment, options)
        let session = try await Session.open(
            manifest, options, access: access, ledger: .writing,
            emit: { event in
                if case .log(_, let line) = event { lines.withLock { $0 = $0.suffix(19) + [line] } }
                talk(event)
            })
        var command = CommandSpec(
            command: probe.command, environment: schema.migrate.environment, taskRoleARN: schema.migrate.taskRoleARN,
            pattern: probe.pattern, answered: { reported in answer.withLock { $0 = reported } })
        command.isMigrators = true
        let resource = ResourceID("schema", schema.database)
        do throws(Failure) {
            _ = try await session.converger(of: command, ofManifest: false).apply {
                await session.record(command: "drift --probe")
            }
        } catch {
            let isOfProbe = [.commandFailed, .commandNotStarted, .commandUndecided].contains(error.code)
            guard isOfProbe else { throw error }
            throw unanswered(error.code, error.summary, probe, resource, cause: error.cause)
        }
        let reported = answer.withLock(\.self) ?? .silent(probe.pattern)
        guard case .unreadable(let why) = reported else { return reported }
        throw unanswered(
            .probeUnreadable, "the probe ended well, but \(why)", probe, resource,
            cause: lines.withLock {
                $0.isEmpty ? ["no log lines were found"] : ["last log lines:"] + $0.map { "  \($0)" }
            })
    }

    private static func unanswered(
        _ code: Failure.Code, _ why: String, _ probe: ProbeSpec, _ resource: ResourceID, cause: [String]
    ) -> Failure {
        Failure(
            code, "the database did not report its version: \(why)", of: resource,
            hint:
                "fix the probe, or what it needs to reach the database, then run the same command again; the probe alone: "
                + "reconcile run MANIFEST -- \(ShellWord.line(probe.command))", cause: cause)
    }
}
