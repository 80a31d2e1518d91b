import ArgumentParser
import Base
import JSON
import Ledger
import Manifest
import Resources

struct LedgerRebuildCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Replace a damaged ledger by the part that verifies.",
        discussion: """
            Keeps the damaged file next to the ledger, with .damaged-N at the end of its name, and writes a new ledger of \
            the same lineage with all entries that verify. Says what is lost. With --from-aws it also records what AWS \
            knows: versions from the marks, and how open steps ended. apply does that by itself.

            In S3 nothing is replaced: with --to, what verifies is written to another place.
            """)

    @Argument(
        help: "The manifest that the ledger is next to.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String?

    @OptionGroup var options: CommonOptions

    @Flag(name: .customLong("from-aws"), help: "Also write down what the marks in AWS tell. Needs the manifest.")
    var fromAWS = false

    @Option(
        help: ArgumentHelp(
            "For a ledger in S3: where to write what verifies, a file or s3://BUCKET/PREFIX.", valueName: "ledger"))
    var to: String?

    var timeLimit: Duration? { nil }

    func validate() throws {
        if manifest == nil, options.ledger == nil, !LedgerPlace.isNamedByEnvironment {
            throw ValidationError("Name a manifest, or a ledger with --ledger.")
        }
        if fromAWS, manifest == nil { throw ValidationError("--from-aws needs the manifest.") }
    }

    func run() async throws {
        let access = SharedAccess(observe: { _ in })
        var environment: String?
        var done: [(String, JSON)] = []
        var failure: Failure?
        do throws(Failure) {
            let found = try FoundLedger(option: options.ledger, manifest, options.variables, options.credentials)
            let place = found.place
            done.append(("ledger", .string(place.name)))
            guard case .file(let path) = place else {
                try await moved(found)
                return await access.close()
            }
            // A ledger that is not there yet is made from what AWS tells.
            if !fromAWS || Files.exists(path) {
                let result = try LedgerRebuild(path: path).run()
                say(LedgerText.rebuilt(result, path))
                done += LedgerText.members(of: result)
            }
            if fromAWS, let manifest {
                let manifest = try await Session.manifest(manifest, options, access)
                environment = manifest.environment
                let facts = try await learn(manifest, access)
                say(LedgerText.learned(facts, path))
                done.append(("learned", LedgerText.json(facts)))
            }
        } catch {
            failure = error
        }
        await access.close()
        if options.output == .json {
            var json = FailureOutput.result(failure, manifest: manifest, environment: environment)
            for (key, value) in done { json[key] = value }
            Terminal.write(TerminalText(json: json), to: .out)
        }
        if let failure { throw LedgerFailures.end(failure) }
    }

    /// Nothing in the store is ever replaced: what verifies goes to another place.
    private func moved(_ ledger: FoundLedger) async throws(Failure) {
        let name = ledger.place.name
        guard case .bucket(let bucket) = ledger.place, let to, !fromAWS else { throw Self.notRebuilt(name) }
        let target = try LedgerPlace.named(to, as: "--to")
        if target == ledger.place { throw Self.notRebuilt(name) }
        let path = bucket.copy("rebuilding")
        let damage = try await Ledger.salvage(
            of: try WholeLedger.store(bucket, of: ledger), to: path, entropy: Machine.randomBytes)
        let result = try await LedgerCopy(of: path).run(
            to: FoundLedger(target, region: ledger.region, options.credentials))
        say(LedgerText.moved(result, from: name, to: target.name, damage))
    }

    private static func notRebuilt(_ name: String) -> Failure {
        let name = ShellWord.quoted(name)
        return Failure(
            .settingsMissing, "the ledger \(name) is not rebuilt where it is: its objects are never replaced",
            hint:
                "check it, then write what verifies to another place, and name that with --ledger from then on:\n"
                + "reconcile ledger verify --ledger \(name)\nreconcile ledger rebuild --ledger \(name) --to s3://BUCKET/PREFIX"
        )
    }

    /// For people. Programs get all of it at the end, in one line.
    private func say(_ text: TerminalText) {
        if options.output != .json { Terminal.write(text, to: .out) }
    }

    private func learn(_ manifest: Manifest, _ access: SharedAccess) async throws(Failure) -> [Fact] {
        let session = try await Session.open(
            manifest, options, access: access, ledger: .writing, emit: LookTalk.emit(manifest.environment, options))
        return try await session.converger().learn(record: await session.record(command: "ledger rebuild"))
    }
}

/// Ends a command on a ledger with its failure, shown.
enum LedgerFailures {
    /// - Parameter isChecked: whether of one in S3 every object is read.
    static func reading(
        _ options: LedgerOptions, isChecked: Bool = false,
        _ body: (_ reader: LedgerReader, _ name: String) throws(Failure) -> Void
    ) async throws {
        do {
            let found = try options.found()
            let path = try await isChecked ? WholeLedger.checkedPath(found) : WholeLedger.path(found)
            try body(try LedgerReader(path: path), found.place.name)
        } catch {
            throw end(error)
        }
    }

    static func end(_ failure: Failure) -> ArgumentParser.ExitCode {
        FailureOutput.show(failure)
        return ArgumentParser.ExitCode(failure.exit.rawValue)
    }
}
