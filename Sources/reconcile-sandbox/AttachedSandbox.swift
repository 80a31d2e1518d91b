import AWS
import Dispatch
import Glibc
import JSON
import Sandbox

/// A sandbox that serves one command, and what that command leaves under way.
struct AttachedSandbox {
    let folder: String

    /// How long a sandbox that is about to be reachable, or about to end, is waited for.
    private static let patience = Duration.seconds(10)
    /// How long after the last call a sandbox goes on once nothing is under way any more: who adopted it reads its end.
    private static let lingering = Duration.seconds(10)

    func run() async throws {
        let end = ContinuousClock.now + Self.patience
        while true {
            do {
                return await serve(try await SandboxServer.start(directory: folder, credentials: .newest))
            } catch {
                if error.isInUse, await useOther() { return }
                guard error.isInUse, ContinuousClock.now < end else {
                    return tell(["error": .string(error.description), "hint": .string(error.hint)])
                }
                // It is about to be reachable, or to end.
                await Self.pause(.milliseconds(20))
            }
        }
    }

    private func serve(_ server: SandboxServer) async {
        tell(server.connection.json)
        await Self.inputEnds()
        let users = SandboxUsers(of: folder)
        // The next command must find the task that this one leaves under way, as on AWS.
        let leavesTask = await server.hasOneOffTask
        if leavesTask || users?.close() == false {
            // The command waits for this, and not for the end of the task or of other commands.
            close(1)
            while await isNeeded(server, leavesTask) || users?.close() == false {
                await Self.pause(.milliseconds(100))
            }
        }
        await server.stop()
        withExtendedLifetime(users) {}
    }

    private func isNeeded(_ server: SandboxServer, _ leavesTask: Bool) async -> Bool {
        if await server.hasOneOffTask { return true }
        return leavesTask ? await server.sinceLastCall < Self.lingering : false
    }

    /// Uses the sandbox that another command has started, which goes on until this command has ended, too.
    ///
    /// - Returns: whether there is one.
    private func useOther() async -> Bool {
        guard let users = SandboxUsers(of: folder), users.join(), let other = SandboxConnection.current(in: folder)
        else { return false }
        tell(other.json)
        await Self.inputEnds()
        withExtendedLifetime(users) {}
        return true
    }

    private func tell(_ json: JSON) { StandardStream.write(json.compact + "\n", to: 1) }

    private static func pause(_ duration: Duration) async { do { try await Task.sleep(for: duration) } catch {} }

    /// Returns when the command has closed its end of the pipe, or has ended.
    private static func inputEnds() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var byte: UInt8 = 0
                while true {
                    let count = read(0, &byte, 1)
                    if count == 0 || count < 0 && errno != EINTR { break }
                }
                continuation.resume()
            }
        }
    }
}

/// Standard output, 1, and standard error, 2.
enum StandardStream {
    /// What no one reads is lost.
    static func write(_ text: String, to file: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            bytes = bytes.dropFirst(max(0, count))
        }
    }
}

extension Credentials {
    /// Of this run alone.
    static var newest: Credentials {
        var generator = SystemRandomNumberGenerator()
        return .random(using: &generator)
    }
}
