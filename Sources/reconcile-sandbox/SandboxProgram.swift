import ArgumentParser
import Dispatch
import Glibc
import JSON
import Sandbox

/// The sandbox as a program of its own: `reconcile sandbox` becomes it, and `--sandbox` starts it.
@main
struct SandboxProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile-sandbox", abstract: "The local ECS of `reconcile sandbox` and `--sandbox`.",
        discussion: "See `reconcile sandbox --help`.")

    @Argument(help: "The folder with images and sandbox.json.", completion: .directory)
    var folder: String

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 4566

    @Flag(
        help: ArgumentHelp(
            "Serve the command that started this one, through its pipes: write how to connect as JSON to standard output, and "
                + "end when standard input does.", visibility: .hidden))
    var attached = false

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            exit(withError: error)
        }
    }

    func run() async throws {
        if attached { return try await AttachedSandbox(folder: folder).run() }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let interrupts = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // A second one ends it at once.
            source.setEventHandler {
                signal(number, SIG_DFL)
                end.finish()
            }
            source.resume()
            return source
        }
        let server: SandboxServer
        do {
            server = try await SandboxServer.start(directory: folder, port: port, credentials: .newest)
        } catch {
            StandardStream.write(
                "error[sandbox-failed]: the sandbox on \(folder) did not start\n  \(error)\n  next: \(error.hint)\n",
                to: 2)
            throw ExitCode.failure
        }
        StandardStream.write(
            """
            export AWS_ENDPOINT_URL=\(server.endpoint)
            export AWS_REGION=\(server.region)
            export AWS_DEFAULT_REGION=\(server.region)
            export AWS_ACCESS_KEY_ID=\(server.credentials.accessKeyID)
            export AWS_SECRET_ACCESS_KEY=\(server.credentials.secretAccessKey)

            """, to: 1)
        StandardStream.write("sandbox: \(server.endpoint) serves \(folder); Ctrl-C ends it with all its tasks\n", to: 2)
        for await _ in ends {}
        await server.stop()
        withExtendedLifetime(interrupts) {}
    }
}
