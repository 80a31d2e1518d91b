import AWS
import ArgumentParser
import Base
import Ledger
import Manifest
import Resources

struct VerifyCommand: LookCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check before a release whether it can work. Changes nothing.",
        discussion: """
            Checks the credentials and their account, the services and their circuit breakers, the image and its platform, \
            the roles, secrets, log groups, subnets and security groups of the tasks, the permissions of the credentials, and \
            whether the bucket can hold the ledger. Each check is ok, a warning, a failure, or was not possible (unchecked). \
            Exit code 1: there is a failure.

            A ledger in S3 is checked by writing small objects below checks/ in its own prefix.

            --offline reads and checks the manifest alone, and calls nothing.
            """)

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var width: ParallelOption
    @OptionGroup var time: TimeLimit

    @Flag(help: "Read and check the manifest alone. Calls nothing.")
    var offline = false

    static var comparesAsApplied: Bool { true }
    var isOffline: Bool { offline }

    func look(
        at manifest: Manifest, in member: Fleet.Member, _ access: SharedAccess
    ) async throws(Failure) -> VerifyReport {
        if offline {
            return VerifyReport(
                environment: manifest.environment, findings: Self.offline(manifest),
                hints: CommandHint(manifest: member.path))
        }
        let caller = try await access.caller(for: manifest, options)
        let identity = await access.knownIdentity(caller)
        if let account = options.account ?? manifest.account { try await access.check(account, caller) }
        // It looks at the ledger's store below, and not into the ledger.
        let session = try await Session.open(
            manifest, options, access: access, ledger: .without, emit: LookTalk.emit(manifest.environment, options))
        var bucket: BucketAddress?
        if case .bucket(let address)? = member.ledger { bucket = address }
        var findings = [Self.finding(identity)]
        if let bucket { findings.append(await store(bucket, manifest, access)) }
        findings += try await session.assembly.preflight(identity, ledger: bucket)
        let (plan, applied) = await plan(manifest, access)
        findings.append(plan)
        return VerifyReport(
            environment: manifest.environment, findings: findings,
            hints: CommandHint(manifest: member.path, overrides: applied.overrides))
    }

    private static func offline(_ manifest: Manifest) -> [Finding] {
        let unread = manifest.unread.map {
            Finding.unchecked($0.lookup.expression, "\($0.place): --offline does not look it up")
        }
        return [.good("manifest", unread.isEmpty ? "it is valid" : "it is valid as far as --offline reads it")] + unread
    }

    private static func finding(_ identity: CallerIdentity?) -> Finding {
        guard let identity else { return .unchecked("account", "AWS does not say whose the credentials are") }
        return .good("account", "\(identity.account), as \(identity.arn)")
    }

    /// What an apply would begin with, or end with at once, and what that was compared with.
    private func plan(_ manifest: Manifest, _ access: SharedAccess) async -> (Finding, Comparison) {
        do throws(Failure) {
            let session = try await Session.open(
                manifest, options, access: access, ledger: .reading, driftScope: nil,
                emit: LookTalk.emit(manifest.environment, options))
            let look = try await session.look()
            let plan = try await look.converger.plan(patience: .zero)
            if let blocker = plan.blocker { return (.failed("plan", blocker), look.comparison) }
            let text = plan.isConverged ? "nothing is to be done" : PlanCount(plan).text()
            return (.good("plan", text), look.comparison)
        } catch {
            return (.failed("plan", error), Comparison())
        }
    }

    private func store(_ bucket: BucketAddress, _ manifest: Manifest, _ access: SharedAccess) async -> Finding {
        do {
            let store = try await access.store(bucket, for: manifest, options)
            try await Ledger.check(store, entropy: Machine.randomBytes)
            return .good("ledger", "\(store.url) keeps the conditions on writes that a ledger needs")
        } catch {
            return .failed("ledger", error)
        }
    }
}
