import ArgumentParser
import Base
import Manifest

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a first manifest and a CI workflow.",
        discussion: """
            Writes manifest.json and .github/workflows/release.yml into the folder, from options; at a terminal it asks for those \
            that are missing. Overwrites nothing, and calls nothing. For services that run already, reconcile import reads from \
            ECS what init asks for.
            """)

    @Argument(help: "The root folder of the repository.", completion: .directory)
    var folder = "."

    @Option(help: ArgumentHelp("What the ledger and tags are to call it, such as checkout-prod.", valueName: "name"))
    var environment: String?

    @Option(help: ArgumentHelp("The AWS region.", valueName: "name"))
    var region: String?

    @Option(help: ArgumentHelp("The ECS cluster, by name or ARN.", valueName: "name"))
    var cluster: String?

    @Option(help: ArgumentHelp("The image's repository, with its registry and without a tag.", valueName: "name"))
    var repository: String?

    @Option(name: .customLong("service"), help: ArgumentHelp("A service. May be repeated.", valueName: "name"))
    var services: [String] = []

    @OptionGroup var database: DatabaseOptions

    @Flag(help: "No colours (also NO_COLOR).")
    var noColor = false

    func validate() throws {
        try NameCheck.check(environment, "--environment", Syntax.isLabel, NameCheck.label)
        try NameCheck.check(region, "--region", Syntax.isRegion, "a region's name, such as us-east-1")
        try NameCheck.check(cluster, "--cluster", Syntax.isCluster, NameCheck.cluster)
        try NameCheck.check(
            repository, "--repository", Syntax.isRepository, "REGISTRY/NAME, without a scheme, a tag or a digest")
        try NameCheck.check(services: services)
    }

    func run() throws {
        do { try completed().make() } catch let failure as Failure {
            FailureOutput.show(failure, noColor: noColor)
            throw ArgumentParser.ExitCode(failure.exit.rawValue)
        }
    }

    /// The same with answers in place of the options that are missing.
    private func completed() throws -> InitCommand {
        var command = self
        // What is there already is said before any question is asked.
        for path in [manifestPath, workflowPath] { try NewFile(path: path, text: "").check() }
        if Terminal.canAsk {
            command.environment = environment ?? Questions.ask("Environment, such as checkout-prod")
            command.region = region ?? Questions.ask("AWS region")
            command.cluster = cluster ?? Questions.ask("ECS cluster")
            command.repository = repository ?? Questions.ask("Repository of the image, with its registry")
            if services.isEmpty { command.services = Questions.words("Services, with spaces between them") }
            try command.validate()
        }
        let missing = [
            ("--environment", command.environment), ("--region", command.region), ("--cluster", command.cluster),
            ("--repository", command.repository), ("--service", command.services.first),
        ].filter { $0.1 == nil }.map(\.0)
        guard missing.isEmpty else {
            throw Failure(
                .settingsMissing, "init needs \(missing.joined(separator: ", "))",
                hint: "pass them, as in: reconcile init --environment checkout-prod --region us-east-1 --cluster prod "
                    + "--repository 123456789012.dkr.ecr.us-east-1.amazonaws.com/checkout --service web")
        }
        return command
    }

    private var prefix: String { folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/" }
    private var manifestPath: String { prefix + "manifest.json" }
    private var workflowPath: String { prefix + ReleaseWorkflow.path }

    private func make() throws {
        guard let environment, let region, let cluster, let repository else { return }
        var draft = ManifestDraft(
            environment: environment, cluster: cluster, repository: repository, services: services.map { .init($0) })
        draft.region = region
        draft.schema = try database.schema(asks: Terminal.canAsk)
        let workflow = ReleaseWorkflow.text(manifest: "manifest.json", environment: environment, region: region)
        try NewFile.write([
            NewFile(path: manifestPath, text: draft.text), NewFile(path: workflowPath, text: workflow),
        ])
        Terminal.write(next(draft), to: .out)
    }

    private func next(_ draft: ManifestDraft) -> TerminalText {
        let manifest = ShellWord.quoted(manifestPath)
        var steps: [TerminalText] = [
            "See what a release would do:\n       reconcile plan \(manifest) --image-tag TAG\n"
        ]
        if let schema = draft.schema {
            let at = schema.version.map(ShellWord.quoted) ?? "sha256:DIGEST-OF-THE-IMAGE-THAT-MIGRATED-LAST"
            steps.append(
                """
                If the database is migrated already, declare its version, so that nothing runs twice:
                       reconcile resolve \(manifest) schema/\(schema.database) --at \(at) --reason 'declared once' --image-tag TAG

                """)
        }
        steps.append(
            "In GitHub, set the variable \(ReleaseWorkflow.role) to the ARN of a role (docs/permissions.md has its policy).\n"
        )
        steps.append("In \(workflowPath), add the steps that build the image and install reconcile (docs/ci.md).\n")
        var text: TerminalText = "wrote \(manifestPath)\nwrote \(workflowPath)\n\nnext:\n"
        for (index, step) in steps.enumerated() { text += "  \(index + 1). \(step)" }
        return text
    }
}
