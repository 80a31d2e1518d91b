import Base
import Reconciler

/// The marks that revisions bear.
extension SchemaHistory {
    /// Those on what the services run, those of the family that migrations run from last.
    func borne(_ age: TaskDefinitionReader.Age) async throws(Failure) -> [SchemaMark] {
        var others: [SchemaMark] = []
        var own: [SchemaMark] = []
        for name in access.serviceNames {
            let arn = try await access.services.known(name).taskDefinition
            guard let mark = try await mark(on: arn, age) else { continue }
            if RevisionARN.family(of: arn) == family { own.append(mark) } else { others.append(mark) }
        }
        return others + own
    }

    /// The mark of a version on the newest revision of the family, if a service runs that: no later one can bear another.
    func newestMark(
        of version: String, _ age: TaskDefinitionReader.Age
    ) async throws(Failure) -> SchemaMark? {
        for name in access.serviceNames {
            let arn = try await access.services.known(name).taskDefinition
            guard RevisionARN.family(of: arn) == family,
                let mark = try await mark(on: arn, age), mark.version == version
            else { continue }
            return try await access.definitions.newestARN(of: family, for: resource) == arn ? mark : nil
        }
        return nil
    }

    /// Refuses to take the newest revision's mark for the last one where the services say otherwise.
    ///
    /// A revision that is found again keeps its number, and gets the mark of its new version. So a service that began to run an
    /// older revision after the newest one was registered may have been released since, or only have been taken back. A roll-back
    /// by ECS goes on with the deployment from before, which is older than that revision.
    ///
    /// - Throws: ``Failure`` with code `schema-undecided` that names both versions.
    func refuseDoubt(about wanted: String, _ age: TaskDefinitionReader.Age) async throws(Failure) {
        guard case .declared = spec.version, spec.order == .opaque,
            let newest = try await newestMarked(age), let registered = newest.summary.registeredAt
        else { return }
        for name in access.serviceNames {
            let service = try await access.services.known(name)
            let running = service.taskDefinition
            guard RevisionARN.family(of: running) == family, RevisionARN.number(of: running) < newest.summary.revision,
                let began = service.primary?.createdAt, began >= registered,
                let borne = try await mark(on: running, age), borne.declared == newest.mark.declared,
                borne.version != newest.mark.version, [borne.version, newest.mark.version].contains(wanted)
            else { continue }
            throw Failure(
                .schemaUndecided,
                "without a ledger it is not known whether \(spec.database) was brought to \(newest.mark.version) or to "
                    + "\(borne.version) last", of: resource,
                hint: "look at the database, then say where it is: "
                    + "reconcile resolve MANIFEST \(resource) --at VERSION --reason TEXT",
                cause: [
                    "\(RevisionARN.shortName(of: newest.summary.arn)) is newer, and marked \(newest.mark.version)",
                    "\(RevisionARN.shortName(of: running)), to which \(name) was moved later, is marked \(borne.version)",
                ])
        }
    }

    /// The newest revision that bears a mark.
    private func newestMarked(
        _ age: TaskDefinitionReader.Age
    ) async throws(Failure) -> (summary: TaskDefinitionSummary, mark: SchemaMark)? {
        for summary in try await access.definitions.known(of: family, for: resource) {
            if let mark = try await mark(on: summary.arn, age) { return (summary, mark) }
        }
        return nil
    }

    /// The marks of the newest revisions, from the one on that the ledger has used last: in the usual case one, which this
    /// process has just registered. What others have registered since may bear no mark, and a declaration was made on what was
    /// the newest one then. All of them, where the last one that was used is not there any more.
    func marks(since used: [String], _ age: TaskDefinitionReader.Age) async throws(Failure) -> [SchemaMark] {
        let last = used.filter { RevisionARN.family(of: $0) == family }.map(RevisionARN.number).max() ?? 0
        let listed = try await access.definitions.known(of: family, for: resource)
        let isThere = listed.contains { $0.revision == last }
        return try await marks(on: listed.filter { $0.revision >= last || !isThere }, age)
    }

    /// The marks of the newest revisions, oldest first.
    func marks(_ age: TaskDefinitionReader.Age) async throws(Failure) -> [SchemaMark] {
        let listed = try await access.definitions.known(of: family, for: resource)
        let age = age == .remembered ? TaskDefinitionReader.Age.thisRun : age
        let found = try await marks(on: listed.reversed(), age)
        guard found.isEmpty, spec.migrate.definition != nil else { return found }
        // No service keeps a revision of the migration's own family in sight: it may have been deregistered.
        return try await marks(on: try await access.definitions.deregistered(of: family, for: resource).reversed(), age)
    }

    private func marks(
        on revisions: [TaskDefinitionSummary], _ age: TaskDefinitionReader.Age
    ) async throws(Failure) -> [SchemaMark] {
        var marks: [SchemaMark] = []
        for revision in revisions {
            if let mark = try await mark(on: revision.arn, age) { marks.append(mark) }
        }
        return marks
    }

    /// The mark on a revision; nil if it bears none.
    func mark(on revision: String, _ age: TaskDefinitionReader.Age = .now) async throws(Failure) -> SchemaMark? {
        guard !revision.isEmpty else { return nil }
        return SchemaMark(keys, in: try await access.definitions.tags(revision, age, for: resource))
    }

    /// Whether a revision bears the mark of a version, set after all that a person has declared.
    func isMarked(_ revision: String, _ version: String, in context: Context) async throws(Failure) -> Bool {
        guard let mark = try await mark(on: revision), mark.version == version else { return false }
        return mark.declared.number >= (try await declared(in: context).number)
    }

    /// The version that a mark without a cluster names on what the services run: it may be another cluster's.
    func unqualifiedMark() async throws(Failure) -> String? {
        for name in access.serviceNames {
            let arn = try await access.services.known(name).taskDefinition
            if arn.isEmpty { continue }
            let tag = try await access.definitions.summary(arn, for: resource).tags[Mark.unqualifiedSchema]
            let parts = tag?.split(separator: "=", maxSplits: 1) ?? []
            if parts.count == 2, parts[0] == spec.database { return String(parts[1]) }
        }
        return nil
    }
}
