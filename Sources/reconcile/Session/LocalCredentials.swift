import AWS
import Base
import Glibc
import Time

/// This machine, for the sources of credentials.
struct LocalCredentials: CredentialHost {
    var now: Timestamp { Machine.now() }

    func read(_ path: String) -> String? { Files.text(path, environment: Machine.environment) }

    func replace(_ path: String, with text: String) throws(CredentialsError) {
        do throws(Failure) { try Files.write(text, to: Files.resolved(path, environment: Machine.environment)) } catch {
            throw CredentialsError(error.summary, hint: error.hint)
        }
    }

    /// In a shell, as the SDKs run it. What it says to standard error may hold what it was to keep secret, so it is not shown.
    func output(of command: String) async throws(CredentialsError) -> String {
        let limit = min(Deadline.current?.remaining ?? .seconds(60), .seconds(60))
        let hint = "run it by hand to see what it says: the command is in the shared config file"
        guard let end = await ProgramOutput.of(["/bin/sh", "-c", command], within: limit) else {
            throw CredentialsError(
                "credential_process could not be started: \(String(cString: strerror(errno)))", hint: hint)
        }
        guard end.exitCode == 0 else {
            let how = end.exitCode.map { "with exit code \($0)" } ?? "by a signal, or its time was over (\(limit.text))"
            throw CredentialsError("credential_process ended \(how)", hint: hint)
        }
        return end.output
    }
}
