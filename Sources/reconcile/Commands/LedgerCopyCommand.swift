import ArgumentParser
import Base
import Ledger
import Manifest

struct LedgerCopyCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy a ledger to another place, such as to a bucket.",
        discussion: """
            Both are files or s3://BUCKET/PREFIX. Verifies the ledger before and after. If it was interrupted, run it again: it \
            goes on. Let no run use the old place any more: two ledgers do not see each other's locks.
            """)

    @Argument(help: "The ledger.")
    var from: String

    @Argument(help: "Where it is to be: nothing, an earlier copy, or a part of one.")
    var to: String

    @Option(help: "The AWS region of the buckets.")
    var region: String?

    @OptionGroup var credentials: CredentialOptions

    @OptionGroup var time: TimeLimit

    var timeLimit: Duration? { time.timeout }

    func run() async throws {
        do { try await copy() } catch { throw LedgerFailures.end(error) }
    }

    private func copy() async throws(Failure) {
        let (source, target) = (try LedgerPlace.named(from, as: "FROM"), try LedgerPlace.named(to, as: "TO"))
        if source == target {
            throw Failure(
                .settingsMissing, "\(source.name) is both the ledger and its copy", hint: "name another place as TO")
        }
        let copy = try LedgerCopy(of: try await WholeLedger.path(FoundLedger(source, region: region, credentials)))
        let result = try await copy.run(to: FoundLedger(target, region: region, credentials))
        Terminal.write(LedgerText.copied(result, from: source.name, to: target.name), to: .out)
    }
}

extension LedgerCopy {
    func run(to target: FoundLedger) async throws(Failure) -> Result {
        switch target.place {
        case .file(let path): try await run(toFile: path)
        case .bucket(let bucket):
            try await run(
                to: try WholeLedger.store(bucket, of: target), copy: bucket.copy("copying"),
                entropy: Machine.randomBytes)
        }
    }
}
