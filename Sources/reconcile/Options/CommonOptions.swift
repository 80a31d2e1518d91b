import ArgumentParser
import Manifest
import Resources

/// The manifests of a command that takes many.
struct ManifestArguments: ParsableArguments {
    @Argument(
        help: "Manifests, JSON or YAML, and folders with manifests below them.",
        completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifests: [String]

    func validate() throws {
        if manifests.isEmpty { throw ValidationError("Name at least one manifest.") }
    }
}

/// Of a command that works on several of its manifests at the same time.
struct ParallelOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many manifests at a time (default: apply 1, others 10). Those that share a database stay in order.",
            valueName: "n"))
    var parallel: Int?

    func validate() throws {
        if let parallel, !(1...100).contains(parallel) {
            throw ValidationError("--parallel takes a number from 1 to 100.")
        }
    }
}

/// What every command on manifests takes.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Take this tag instead of the manifest's image.", valueName: "tag"))
    var imageTag: String?

    @Option(help: ArgumentHelp("Take this digest instead of the manifest's image.", valueName: "digest"))
    var imageDigest: String?

    @Option(help: ArgumentHelp("Take this version instead of the manifest's schema.version.", valueName: "version"))
    var schemaVersion: String?

    @OptionGroup var variables: VariableOptions

    @Option(help: LedgerPlace.help)
    var ledger: String?

    @Option(help: ArgumentHelp("How the result is shown: text, json or markdown.", valueName: "format"))
    var output: OutputFormat = .text

    @OptionGroup var access: AccessOptions

    @Option(
        help: ArgumentHelp(
            "The account that must be the credentials' own: 12 digits. Overrides the manifest's.", valueName: "number"))
    var account: String?

    var region: String? { access.region }
    var credentials: CredentialOptions { access.credentials }
    var endpointURL: String? { access.endpointURL }
    var sandbox: String? { access.sandbox }
    var quiet: Bool { access.quiet }
    var verbose: Bool { access.verbose }
    var noColor: Bool { access.noColor }

    /// Those of a command that takes no manifest.
    static func of(_ access: AccessOptions) throws -> CommonOptions {
        var options = try CommonOptions.parse([])
        options.access = access
        return options
    }

    /// What a plan was made with.
    mutating func take(_ overrides: Overrides) {
        imageTag = overrides.imageTag
        imageDigest = overrides.imageDigest
        schemaVersion = overrides.schemaVersion
        access.region = overrides.region
    }

    func validate() throws {
        if imageTag != nil, imageDigest != nil {
            throw ValidationError("--image-tag and --image-digest exclude each other.")
        }
        if let problem = Overrides(
            imageTag: imageTag, imageDigest: imageDigest, schemaVersion: schemaVersion
        ).problem {
            throw ValidationError(problem)
        }
        if let account, !Syntax.isAccount(account) {
            throw ValidationError("--account takes the account's 12 digits.")
        }
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown
}
