import ArgumentParser
import Reconciler
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "A local ECS for trying things out: tasks and services are real processes.",
        discussion: """
            FOLDER/images/REPOSITORY/TAG/ is an image: a folder whose bin/ comes first on PATH, with db-migrate in it. \
            FOLDER/sandbox.json says which clusters, task definitions and services there are at the start. The endpoint \
            takes signed requests from this machine only; what it prints can be given to a shell with eval.
            """)

    @Argument(help: "The folder with images and sandbox.json.", completion: .directory)
    var folder: String

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 4566

    func run() async throws {
        let work = Task {
            do { try await Task.sleep(for: .seconds(365 * 24 * 3_600)) } catch {}
        }
        let interrupts = Interrupts { work.cancel() }
        let server: SandboxServer
        do {
            var generator = SystemRandomNumberGenerator()
            server = try await SandboxServer.start(
                directory: folder, port: port, credentials: .random(using: &generator))
        } catch {
            FailureOutput.show(.sandbox(folder, error))
            throw ArgumentParser.ExitCode(Reconciler.ExitCode.failed.rawValue)
        }
        Terminal.write(
            """
            export AWS_ENDPOINT_URL=\(server.endpoint)
            export AWS_REGION=\(server.region)
            export AWS_DEFAULT_REGION=\(server.region)
            export AWS_ACCESS_KEY_ID=\(server.credentials.accessKeyID)
            export AWS_SECRET_ACCESS_KEY=\(server.credentials.secretAccessKey)

            """, to: .out)
        Terminal.write("sandbox: \(server.endpoint) serves \(folder); Ctrl-C ends it with all its tasks\n", to: .error)
        await work.value
        await server.stop()
        withExtendedLifetime(interrupts) {}
    }
}
