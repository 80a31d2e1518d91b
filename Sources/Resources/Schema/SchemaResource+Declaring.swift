import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// A person's word on where a database is: it was rolled back, or restored, or migrated by hand.
extension SchemaResource {
    /// What the ledger has to learn, and the marks that tell it to other ledgers and to later ones. Migrations that led beyond
    /// the version are undone by it, and may be run again.
    ///
    /// Also where the ledger has it there already: a migration that it has not seen may have run, and is undone by it.
    func declaration(of version: String, in context: Context) async throws(Failure) -> StateDeclaration<SchemaOrder> {
        try checkSpelling(of: version)
        try await requireQuiet(in: context)
        let versions = try await history.versions(
            wanted: version, isActing: true, isDeclaring: true, in: context)
        let known = versions.all
        // By the spelling that the ledger has.
        let version = known.last.flatMap { history.isSame($0, version) ? $0 : nil } ?? version
        // Where only revisions gave the order of versions, none but the one that is named is known to be in place.
        let undone =
            versions.isOrderGuessed
            ? known.filter { $0 != version } : history.beyond(version, in: known, of: versions.reached)
        let isKnown = known.contains(version) && !undone.contains(version)
        let mark = SchemaMark(version, declared: versions.declared.next(version, at: context.awsTime()))
        return .init(
            "the database is at \(version)",
            facts: history.adopted(versions) + history.undone(undone)
                + (isKnown ? [] : [Fact(history.subject, FactName.version, version)])
                + [
                    history.declaration(mark.declared),
                    Fact(history.subject, FactName.order, .declared),
                ], .mark,
            calls: marking(try await history.revisions(telling: undone, in: context), mark))
    }

    /// Sets the mark that a declaration asks for.
    func tell(_ step: Step, in context: Context) async throws(Failure) -> Settlement {
        guard case .mark(let order) = step.order else { throw unexpected("a mark") }
        return .succeeded(evidence: order.evidence, facts: try await history.set(order, in: context))
    }

    private func marking(_ revisions: [String], _ mark: SchemaMark) -> [Intention<SchemaOrder>] {
        revisions.map { Intention(token: identity(of: mark.version).digest, order: .mark(MarkOrder(mark, on: $0))) }
    }

    /// - Throws: ``Failure`` with code `settings-missing` for a version that is none in the manifest's order, or no digest
    ///   where images are migrated for.
    private func checkSpelling(of version: String) throws(Failure) {
        if spec.version == .image, !Syntax.isDigest(version) {
            throw Failure(
                .settingsMissing, "\(quoted(version)) is not the digest of an image", of: id,
                hint:
                    "with \"version\": \"image\" name the image that the database was migrated for last, as in sha256:…: "
                    + "reconcile history MANIFEST shows the digests")
        }
        guard Syntax.isVersion(version), spec.version == .image || spec.order.admits(version) else {
            throw Failure(
                .settingsMissing, "\(quoted(version)) is not a version in the order \"\(spec.order.rawValue)\"",
                of: id, hint: "write it as in schema.version")
        }
    }

    /// Sees to it that nothing is at work on the database, whatever started it, and that no step of it is open.
    private func requireQuiet(in context: Context) async throws(Failure) {
        if let occupant = try await use.occupant(in: context) { throw occupant }
        if let intent = try await use.open(in: context).first(where: { $0.action == .migrate }) {
            throw stillOpen(intent, hasShownEnd: try await showsEnd(intent, in: context))
        }
        let startedBy = identity(of: "").startedBy
        if let live = try await use.tasks.live(startedBy: startedBy) { throw use.tasks.busy(spec.database, by: live) }
    }

    private func showsEnd(_ intent: Intent, in context: Context) async throws(Failure) -> Bool {
        guard let step = Step(intent), let migration = MigrationStep(step) else { return false }
        if case .closing = try await runners[migration].look(migration, in: context.silent) { return true }
        return try await shownEnd(step, in: context) != nil
    }

    /// - Parameter hasShownEnd: whether an apply finds how it ended. Which release that would be only the user knows.
    private func stillOpen(_ intent: Intent, hasShownEnd: Bool) -> Failure {
        let decision = "reconcile resolve MANIFEST \(intent.resource) --succeeded|--failed|--rerun --reason TEXT"
        return Failure(
            .schemaUndecided, "a step of \(intent.resource) is still open", of: id,
            hint: hasShownEnd
                ? "apply its release again, which records how it ended, then declare the version; to see it first: "
                    + "reconcile status MANIFEST"
                : "first record how it ended: \(decision)")
    }
}

extension SchemaHistory {
    /// The revisions that tell a declaration: those whose mark is of an undone version, what the services run, and the newest
    /// one of the family, which is also read where they run something else. The same of each other family that the ledger
    /// knows to bear marks: a run with a lost ledger may read that one alone.
    fileprivate func revisions(telling undone: [String], in context: Context) async throws(Failure) -> [String] {
        var revisions = try await self.revisions(telling: undone, of: family)
        for name in access.serviceNames {
            let arn = try await access.services.known(name).taskDefinition
            if !arn.isEmpty, !revisions.contains(arn) { revisions.append(arn) }
        }
        for (marked, _) in try await markedElsewhere(in: context) {
            var found = try await self.revisions(telling: undone, of: RevisionARN.family(of: marked))
            // All of them may be deregistered, and a service may go on with one.
            if found.isEmpty, try await exists(marked) { found = [marked] }
            revisions += found.filter { !revisions.contains($0) }
        }
        return revisions
    }

    private func exists(_ revision: String) async throws(Failure) -> Bool {
        do {
            _ = try await access.definitions.summary(revision, for: resource)
            return true
        } catch let error where error.code == .definitionMissing {
            return false
        }
    }

    private func revisions(telling undone: [String], of family: String) async throws(Failure) -> [String] {
        var revisions: [String] = []
        for summary in try await access.definitions.known(of: family, for: resource) {
            let isUndone = try await mark(on: summary.arn).map { undone.contains($0.version) } ?? false
            if revisions.isEmpty || isUndone { revisions.append(summary.arn) }
        }
        return revisions
    }
}
