import ArgumentParser
import Reconciler

struct LedgerRebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Derive the views anew, and put a damaged ledger aside.",
        discussion: """
            Where entries or pages are damaged, the file is kept beside the ledger with .damaged-N at the end of its \
            name, and a new ledger of the same lineage takes over what verifies. What is lost is told. With --from-aws \
            what AWS can tell is written down as well: versions by their marks, and how it ended what was under way. \
            apply does that by itself.
            """)

    @Argument(
        help: "The manifest beside which the ledger is.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String?

    @OptionGroup var options: CommonOptions

    @Flag(name: .customLong("from-aws"), help: "Also write down what the marks in AWS tell. Needs the manifest.")
    var fromAWS = false

    private var path: String { LedgerPlace.path(manifest: manifest, ledger: options.ledger) ?? "" }

    func validate() throws {
        if path.isEmpty { throw ValidationError("Name a manifest, or a ledger with --ledger.") }
        if fromAWS, manifest == nil { throw ValidationError("--from-aws needs the manifest.") }
    }

    func run() async throws {
        do {
            // A ledger that is not there yet is made from what AWS tells.
            if !fromAWS || Files.exists(path) {
                Terminal.write(LedgerText.rebuilt(try LedgerRebuild(path: path).run(), path), to: .out)
            }
            if fromAWS, let manifest { Terminal.write(try await learn(manifest), to: .out) }
        } catch {
            throw LedgerFailures.end(error)
        }
    }

    /// - Returns: what was learned, for people.
    private func learn(_ manifest: String) async throws(Failure) -> String {
        let access = SharedAccess(observe: { _ in })
        let session = try await Session.open(
            try Session.manifest(manifest, options), options, access: access, ledger: .writing, emit: { _ in })
        let facts = try await session.converger().learn(record: await session.record(command: "ledger rebuild"))
        await access.close()
        if facts.isEmpty { return "\(path): AWS tells nothing that it does not hold\n" }
        return "\(path): learned from AWS\n" + facts.map { "  \($0.name) \($0.value)\n" }.joined()
    }
}
