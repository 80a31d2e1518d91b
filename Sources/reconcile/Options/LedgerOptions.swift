import ArgumentParser
import Base
import Manifest

/// Which ledger a command is about that reads no more of a manifest than where its ledger is.
struct LedgerOptions: ParsableArguments {
    @Argument(
        help: "The manifest whose ledger it is.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String?

    @OptionGroup var variables: VariableOptions

    @Option(help: LedgerPlace.help)
    var ledger: String?

    @OptionGroup var credentials: CredentialOptions

    /// - Throws: ``Failure`` with code `settings-missing` for a name that is no ledger's, and what reading the manifest throws
    ///   where no option names the ledger.
    func found() throws(Failure) -> FoundLedger {
        try FoundLedger(option: ledger, manifest, variables, credentials)
    }

    func validate() throws {
        if manifest == nil, ledger == nil, !LedgerPlace.isNamedByEnvironment {
            throw ValidationError("Name a manifest, or a ledger with --ledger.")
        }
    }
}

/// A ledger, and what helps to reach it.
struct FoundLedger {
    let place: LedgerPlace
    /// The manifest's; nil for the one of the environment.
    let region: String?
    let credentials: CredentialOptions

    init(
        option: String?, _ manifest: String?, _ variables: VariableOptions, _ credentials: CredentialOptions
    ) throws(Failure) {
        var head: ManifestHead?
        do throws(Failure) {
            if let manifest {
                head = try ManifestHead(manifest, variables: try variables.read(), read: Inputs.read)
            }
        } catch {
            // An option outranks what a manifest says, also where that cannot be read.
            if option == nil { throw error }
        }
        try self.init(option: option, manifest, head, credentials)
    }

    init(_ place: LedgerPlace, region: String?, _ credentials: CredentialOptions) {
        self.place = place
        self.region = region
        self.credentials = credentials
    }

    init(
        option: String?, _ manifest: String?, _ head: ManifestHead?, _ credentials: CredentialOptions
    ) throws(Failure) {
        self.credentials = credentials
        region = head?.region
        place = try LedgerPlace.found(
            option: option, declared: option == nil ? try head?.ledger() : nil, beside: manifest ?? "")
    }
}
