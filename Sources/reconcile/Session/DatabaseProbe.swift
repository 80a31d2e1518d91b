import Reconciler
import Resources
import Synchronization

/// Asks a database for its version: the manifest's probe, run as a one-off command under the database's lock and recorded in
/// the ledger like any other.
enum DatabaseProbe {
    /// - Returns: nil where the manifest declares no probe.
    /// - Throws: ``Failure`` where the command could not be run at all, such as with code `environment-locked`.
    static func ask(
        _ manifest: Manifest, _ options: CommonOptions, _ access: SharedAccess
    ) async throws(Failure) -> ProbeAnswer? {
        guard let schema = manifest.schema else { return nil }
        guard let probe = schema.probe else {
            Terminal.write("\(manifest.environment): no probe is declared, so its database was not asked\n", to: .error)
            return nil
        }
        let answer = Mutex<ProbeAnswer?>(nil)
        let session = try await Session.open(
            manifest, options, access: access, ledger: .writing, emit: { _ in })
        let command = CommandSpec(
            command: probe.command, environment: schema.migrate.environment, taskRoleARN: schema.migrate.taskRoleARN,
            pattern: probe.pattern, answered: { told in answer.withLock { $0 = told } })
        do throws(Failure) {
            _ = try await session.converger(of: command, ofManifest: false).apply {
                await session.record(command: "drift --probe")
            }
        } catch {
            guard error.code == .commandFailed || error.code == .commandNotStarted else { throw error }
            return .unreadable(error.summary)
        }
        return answer.withLock(\.self) ?? .silent(probe.pattern)
    }
}
