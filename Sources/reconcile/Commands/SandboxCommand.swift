import ArgumentParser
import Reconciler

struct SandboxCommand: ParsableCommand {
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

    func run() throws {
        FailureOutput.show(SandboxProcess.become(["--port", "\(port)", "--", folder]))
        throw ArgumentParser.ExitCode(Reconciler.ExitCode.failed.rawValue)
    }
}
