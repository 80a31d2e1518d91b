import ArgumentParser
import Manifest

/// What every command that calls AWS takes.
struct AccessOptions: ParsableArguments {
    @Option(help: "The AWS region, instead of the manifest's.")
    var region: String?

    @OptionGroup var credentials: CredentialOptions

    @Option(
        name: .customLong("endpoint-url"),
        help: ArgumentHelp("Send all calls there (also AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_ECS).", valueName: "url"))
    var endpointURL: String?

    @Option(help: ArgumentHelp("Use a local ECS on this folder, for trying things out.", valueName: "folder"))
    var sandbox: String?

    @Flag(name: .shortAndLong, help: "Print only the result.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Log every AWS call.")
    var verbose = false

    @Flag(help: "No colours (also NO_COLOR).")
    var noColor = false

    func validate() throws {
        if let region, !Syntax.isRegion(region) {
            throw ValidationError("--region takes a region's name, such as us-east-1.")
        }
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }
}
