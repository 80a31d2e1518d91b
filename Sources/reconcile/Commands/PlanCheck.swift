import Base
import Reconciler
import Resources
import Synchronization

/// Compares each part of a plan of several manifests before the first one is carried out: if one of them is not what was
/// approved any more, none is.
final class PlanCheck: FleetWork {
    private let approved: PlanFile
    private let options: CommonOptions
    private let terms: ReleaseTerms
    /// By the path of the manifest.
    private let refusals = Mutex<[String: Failure]>([:])

    init(of approved: PlanFile, _ options: CommonOptions, terms: ReleaseTerms) {
        self.approved = approved
        self.options = options
        self.terms = terms
    }

    func work(on member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async -> ExitCode {
        do throws(Failure) {
            let manifest = try member.manifest.get()
            let session = try await Session.open(
                manifest, options, access: access, ledger: .reading, terms: terms,
                emit: { _ in })
            let plan = try await session.converger().plan(patience: Converger.nearTime)
            try approved.part(of: member.path)?.check(plan, of: manifest)
        } catch {
            refuse(member, error)
        }
        return .converged
    }

    func skip(_ member: Fleet.Member, _ failure: Failure) async { refuse(member, failure) }

    private func refuse(_ member: Fleet.Member, _ failure: Failure) {
        refusals.withLock { $0[member.path] = failure }
    }

    /// Why a part of the plan has no turn; nil where all of them may be carried out.
    func refusal(of member: Fleet.Member) -> Failure? {
        let refusals = refusals.withLock(\.self)
        if let own = refusals[member.path] { return own }
        guard let other = refusals.keys.min() else { return nil }
        return Failure(
            .planChanged,
            "not started: a plan is applied whole or not at all, and the part of \(other) cannot be applied",
            hint: "see the failure of \(other)")
    }
}
