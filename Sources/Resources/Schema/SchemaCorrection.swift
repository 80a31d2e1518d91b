import Reconciler

/// A person's word on where a database is: it was rolled back, or restored, or migrated by hand.
struct SchemaCorrection: Sendable {
    let history: SchemaHistory
    let order: VersionOrder

    /// What the ledger has to learn. Migrations that led beyond the version are undone by it, and may be run again.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where the ledger has it there already.
    func facts(for version: String, in context: Context) async throws(Failure) -> [Fact] {
        let known = try await history.versions(wanted: version, in: context).all
        if known.last == version {
            throw Failure(
                .nothingOpen, "the ledger has \(history.database) at \(version) already", of: history.resource,
                hint: "see what apply would do: reconcile plan MANIFEST")
        }
        let undone = beyond(version, in: known)
        let isKnown = known.contains(version) && !undone.contains(version)
        return undone.flatMap { gone in
            let identity = MigrationIdentity(
                clusterARN: history.clusterARN, database: history.database, version: gone)
            return [
                Fact(subject: history.subject, name: FactName.undone, value: gone),
                // The next run of it is another attempt, with a token of its own.
                Fact(subject: history.subject, name: FactName.failed(identity.digest), value: "undone"),
            ]
        } + (isKnown ? [] : [Fact(subject: history.subject, name: FactName.version, value: version)])
    }

    private func beyond(_ version: String, in known: [String]) -> [String] {
        guard order == .opaque else {
            return known.filter { order.standing(of: $0, given: [version]) == .newer }
        }
        return known.firstIndex(of: version).map { Array(known[($0 + 1)...]) } ?? []
    }
}

extension Lowering {
    /// What is locked for a person's word on where the manifest's database is, and what the ledger then has to learn from it.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where the ledger has it there already, or where the manifest has no
    ///   database, and `settings-missing` for a version that is none in the manifest's order.
    public func correction(
        _ resource: ResourceID, to version: String
    ) async throws(Failure) -> (locks: [String], facts: () async throws(Failure) -> [Fact]) {
        guard let spec = manifest.schema, Self.schemas(of: spec.database).contains(resource) else {
            throw Failure(
                .nothingOpen, "\(resource) is not a schema of this manifest", of: resource,
                hint: manifest.schema.map { "it has schema/\($0.database)" } ?? "it has no schema")
        }
        guard Syntax.isVersion(version), spec.order.admits(version) else {
            throw Failure(
                .settingsMissing, "\(quoted(version)) is not a version in the order \"\(spec.order.rawValue)\"",
                of: resource,
                hint: "write it as in schema.version")
        }
        let readers = readers()
        let owners = Self.owners(of: try await bases(readers))
        let clusterARN = try await readers.services.known(manifest.services[0].name).clusterARN
        let correction = SchemaCorrection(
            history: history(spec, clusterARN, owners, readers), order: spec.order)
        return (
            locks(clusterARN),
            { () throws(Failure) in
                try await requireQuiet(spec.database, clusterARN)
                return try await correction.facts(for: version, in: context)
            }
        )
    }
}
