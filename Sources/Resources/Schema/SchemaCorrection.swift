import JSON
import Reconciler

/// A person's word on where a database is: it was rolled back, or restored, or migrated by hand.
struct SchemaCorrection: Sendable {
    let history: SchemaHistory

    /// What the ledger has to learn, and the marks that tell it to other ledgers and to later ones. Migrations that led beyond
    /// the version are undone by it, and may be run again.
    ///
    /// Also where the ledger has it there already: a migration that it has not seen may have run, and is undone by it.
    func declaration(of version: String, in context: Context) async throws(Failure) -> Resolution.Declaration {
        let versions = try await history.versions(
            wanted: version, isActing: true, isDeclaring: true, in: context)
        let known = versions.all
        // By the spelling that the ledger has.
        let version = known.last.flatMap { history.isSame($0, version) ? $0 : nil } ?? version
        // With the manifest of another environment that has the database, it is the same declaration, told on its revisions.
        let latest = versions.declared
        if known.last == version, latest.version == version, try await history.isUntold(latest) {
            return Resolution.Declaration(
                "the database is at \(version)", facts: history.adopted(versions),
                calls: marking(try await history.revisions(telling: []), SchemaMark(version, declared: latest)))
        }
        // Where the order of versions was only told by revisions, none but the one that is named is known to be in place.
        let undone =
            versions.isOrderGuessed ? known.filter { $0 != version } : history.beyond(version, in: known)
        let isKnown = known.contains(version) && !undone.contains(version)
        let mark = SchemaMark(version, declared: versions.declared.next(version, at: context.awsTime()))
        return Resolution.Declaration(
            "the database is at \(version)",
            facts: history.adopted(versions) + history.undone(undone)
                + (isKnown ? [] : [Fact(history.subject, FactName.version, version)])
                + [
                    history.declaration(mark.declared),
                    Fact(history.subject, FactName.order, .declared),
                ],
            calls: marking(try await history.revisions(telling: undone), mark))
    }

    private func marking(_ revisions: [String], _ mark: SchemaMark) -> [Intention<JSON>] {
        let identity = MigrationIdentity(
            clusterARN: history.clusterARN, database: history.database, version: mark.version)
        return revisions.map { Intention(token: identity.digest, order: MarkOrder(mark, on: $0).json) }
    }
}

extension SchemaHistory {
    /// Whether two texts are one version in the manifest's order, such as 2 and 0002.
    fileprivate func isSame(_ one: String, _ other: String) -> Bool {
        version != .image && order.standing(of: one, given: [other]) == .same
    }

    /// Whether what the services run does not bear a declaration.
    fileprivate func isUntold(_ declaration: Declaration) async throws(Failure) -> Bool {
        for name in serviceNames {
            let mark = try await mark(on: try await services.known(name).taskDefinition)
            if mark?.declared.number ?? 0 < declaration.number { return true }
        }
        return false
    }

    /// The revisions that tell a declaration: those whose mark is of an undone version, what the services run, and the newest
    /// one of the family, which is also read where they run something else.
    fileprivate func revisions(telling undone: [String]) async throws(Failure) -> [String] {
        var revisions: [String] = []
        for sketch in try await definitions.known(of: family, for: resource) {
            let isUndone = try await mark(on: sketch.arn).map { undone.contains($0.version) } ?? false
            if revisions.isEmpty || isUndone { revisions.append(sketch.arn) }
        }
        for name in serviceNames {
            let arn = try await services.known(name).taskDefinition
            if !revisions.contains(arn) { revisions.append(arn) }
        }
        return revisions
    }
}

extension Lowering {
    /// What a person's word on where the manifest's database is needs.
    public struct Correction: Sendable {
        /// What is decided on.
        public let target: Resolution.Target
        /// What is locked for it.
        public let locks: [String]
        private let lowering: Lowering
        private let correction: SchemaCorrection
        private let version: String

        fileprivate init(
            _ resource: ResourceID, _ version: String, _ correction: SchemaCorrection, locks: [String],
            _ lowering: Lowering
        ) {
            target = .init(resource, subject: correction.history.subject, isShared: true)
            self.locks = locks
            self.lowering = lowering
            self.correction = correction
            self.version = version
        }

        /// What follows from it, found under the locks.
        ///
        /// - Throws: ``Failure`` with code `nothing-open` where something of the database is open;
        ///   `migration-running` where something is at work on it.
        public func declaration() async throws(Failure) -> Resolution.Declaration {
            try await lowering.requireQuiet(correction.history.database, correction.history.clusterARN)
            return try await correction.declaration(of: version, in: lowering.context)
        }

        /// Sets the mark that an intent announces.
        public func mark(_ intent: Intent) async throws(Failure) -> [Fact] {
            guard let order = MarkOrder(intent.order) else { throw intent.unreadable }
            do { return try await correction.history.set(order, lowering.clients.ecs, in: lowering.context) } catch {
                throw Failure(
                    error.code, error.summary, of: error.resource, hint: error.hint,
                    cause: error.cause + [
                        "what you said is in this ledger, and the next apply with it sets the mark; any other ledger "
                            + "does not know of it until then"
                    ], effect: error.effect, isTransient: error.isTransient)
            }
        }
    }

    /// - Throws: ``Failure`` with code `nothing-open` where the manifest has no such database, and `settings-missing` for a
    ///   version that is none in the manifest's order, or no digest where images are migrated for.
    public func correction(_ resource: ResourceID, to version: String) async throws(Failure) -> Correction {
        guard let spec = manifest.schema, Self.schemas(of: spec.database).contains(resource),
            resource.name == spec.database || spec.afterwards != nil
        else {
            throw Failure(
                .nothingOpen, "\(resource) is not a schema of this manifest", of: resource,
                hint: manifest.schema.map { "it has schema/\($0.database)" } ?? "it has no schema")
        }
        if spec.version == .image, !Syntax.isDigest(version) {
            throw Failure(
                .settingsMissing, "\(quoted(version)) is not the digest of an image", of: resource,
                hint:
                    "with \"version\": \"image\" name the image that the database was migrated for last, as in sha256:…: "
                    + "reconcile history MANIFEST shows the digests")
        }
        guard Syntax.isVersion(version), spec.version == .image || spec.order.admits(version) else {
            throw Failure(
                .settingsMissing, "\(quoted(version)) is not a version in the order \"\(spec.order.rawValue)\"",
                of: resource,
                hint: "write it as in schema.version")
        }
        let readers = readers()
        let owners = Self.owners(of: try await bases(readers))
        let clusterARN = try await readers.services.known(manifest.services[0].name).clusterARN
        return Correction(
            resource, version, SchemaCorrection(history: history(spec, clusterARN, owners, readers)),
            locks: locks(clusterARN), self)
    }
}
