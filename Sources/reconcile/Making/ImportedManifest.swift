import Base
import Manifest
import Reconciler
import Resources

/// A manifest that was made from what runs, and what the next plan of it says.
struct ImportedManifest {
    let group: ServiceGroup
    let draft: ManifestDraft
    /// Where it is written; nil for standard output.
    let path: String?
    /// What the next plan would change, but for the schema.
    var changes: [Plan.Step] = []
    /// Whether it would migrate: nothing says where the database is.
    var migrates = false

    /// As commands name it.
    var name: String { path ?? "\(draft.environment).json" }

    /// The same with what the next plan says, as `reconcile plan` makes it: only that is proof that it describes what runs.
    ///
    /// - Returns: or what ends that plan.
    func planned(_ options: CommonOptions, _ access: SharedAccess) async -> Result<ImportedManifest, Failure> {
        do throws(Failure) {
            var planned = self
            let changes = try await plan(options, access).changes
            planned.changes = changes.filter { $0.resource.kind != Kind.schema }
            planned.migrates = changes.contains { $0.resource.kind == Kind.schema }
            return .success(planned)
        } catch {
            return .failure(error)
        }
    }

    private func plan(_ options: CommonOptions, _ access: SharedAccess) async throws(Failure) -> Plan {
        let bytes = Array(draft.text.utf8)
        let manifest = try ManifestLoader(
            variables: try options.variables.read(), overrides: Overrides(),
            read: { (_) throws(Failure) in bytes }
        ).load(name)
        let session = try await Session.open(
            manifest, options, access: access, ledger: .reading, emit: LookTalk.emit(draft.environment, options))
        return try await session.converger().plan(patience: Converger.nearTime)
    }
}
