import ArgumentParser
import Base

struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Start a local ECS to try things out. Its tasks and services are real processes.",
        discussion: """
            FOLDER/images/REPOSITORY/TAG/ is an image: a folder whose bin/ comes first on PATH, with db-migrate in it. \
            FOLDER/sandbox.json says which clusters, task definitions and services exist at the start. The endpoint \
            accepts signed requests from this machine only. Give what it prints to a shell: eval "$(cat FILE)".
            """)

    @Argument(help: "The folder with images and sandbox.json.", completion: .directory)
    var folder: String

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 4566

    func run() throws {
        FailureOutput.show(SandboxProcess.become(["--port", "\(port)", "--", folder]))
        throw ArgumentParser.ExitCode(Base.ExitCode.failed.rawValue)
    }
}
