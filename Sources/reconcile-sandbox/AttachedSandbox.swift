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
        guard let server = await started() else { return }
        tell(server.connection.json)
        await Self.inputEnds()
        // What was started in the command's name and goes on is to be found by the next one, as on AWS.
        guard await server.hasOneOffTask else { return await server.stop() }
        // The command waits for the end of this, and not for that of the task.
        close(1)
        repeat { await Self.pause(.milliseconds(100)) } while await isNeeded(server)
        await server.stop()
    }

    private func isNeeded(_ server: SandboxServer) async -> Bool {
        if await server.hasOneOffTask { return true }
        return await server.sinceLastCall < Self.lingering
    }

    /// - Returns: nil where another one runs on the folder, or none can: that is told.
    private func started() async -> SandboxServer? {
        let end = ContinuousClock.now + Self.patience
        while true {
            do { return try await SandboxServer.start(directory: folder, credentials: .newest) } catch {
                if error.isInUse, let other = SandboxConnection.current(in: folder) {
                    tell(other.json)
                    return nil
                }
                guard error.isInUse, ContinuousClock.now < end else {
                    tell(["error": .string(error.description), "hint": .string(error.hint)])
                    return nil
                }
                await Self.pause(.milliseconds(20))
            }
        }
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
    /// What nobody reads is lost.
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
