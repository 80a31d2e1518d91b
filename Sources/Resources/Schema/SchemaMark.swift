import AWS
import JSON
import Reconciler

/// The version that a revision says its database was migrated to, and of which time that is.
struct SchemaMark: Sendable, Equatable {
    let version: String
    /// How often a person had declared until then where the database is. A later declaration outranks all earlier marks and
    /// all that a ledger knows which has not heard of it.
    let declared: Int

    /// The keys of the tags that say it.
    struct Keys: Sendable, Equatable {
        let version: String
        let declared: String

        init(_ database: String, clusterARN: String) {
            version = Mark.schema(database, clusterARN: clusterARN)
            declared = Mark.declared(database, clusterARN: clusterARN)
        }
    }

    init(_ version: String, declared: Int) {
        self.version = version
        self.declared = declared
    }

    /// - Returns: nil where the tags bear no mark.
    init?(_ keys: Keys, in tags: [String: String]) {
        guard let version = tags[keys.version] else { return nil }
        self.init(version, declared: tags[keys.declared].flatMap { Int($0) } ?? 0)
    }

    func tags(_ keys: Keys) -> [String: String] {
        var tags = [keys.version: version]
        if declared > 0 { tags[keys.declared] = String(declared) }
        return tags
    }
}

extension SchemaHistory {
    var keys: SchemaMark.Keys { SchemaMark.Keys(database, clusterARN: clusterARN) }

    /// That a version is marked in AWS.
    func marked(_ version: String) -> Fact { Fact(subject: subject, name: FactName.marked, value: version) }

    /// What the ledger learns when a mark was set.
    func facts(_ mark: SchemaMark, on arn: String) -> [Fact] {
        [marked(mark.version), DefinitionTags.fact(mark.tags(keys), on: arn, clusterARN)]
    }

    /// What sets a mark, as it is recorded first.
    func marking(_ mark: SchemaMark, on revision: String) -> Intention {
        let identity = MigrationIdentity(clusterARN: clusterARN, database: database, version: mark.version)
        return Intention(
            token: identity.digest,
            payload: [
                "version": .string(mark.version), "revision": .string(revision), "declared": .integer(mark.declared),
            ])
    }

    /// Sets the mark that an intent announces.
    func mark(as intent: Intent, _ client: ECSClient) async throws(Failure) -> [Fact] {
        let mark = SchemaMark(
            intent.payload["version"]?.string ?? "", declared: intent.payload["declared"]?.integer ?? 0)
        let revision = intent.payload["revision"]?.string ?? ""
        let name = DefinitionSketch.shortName(of: revision)
        try await calling(intent.resource, "mark the revision \(name)") { () throws(AWSError) in
            try await client.tagResource(arn: revision, tags: mark.tags(keys))
        }
        return facts(mark, on: revision)
    }

    /// What marks have told, for a ledger that does not know it.
    func adopted(_ versions: Versions) -> [Fact] {
        guard versions.isNews, let last = versions.all.last else { return [] }
        return undone(versions.undone ?? [])
            + versions.adopted.map { Fact(subject: subject, name: FactName.version, value: $0) }
            + (versions.undone == nil ? [] : [declared(versions.declared)]) + [marked(last)]
    }

    /// That a person has declared for so many times where the database is.
    func declared(_ times: Int) -> Fact { Fact(subject: subject, name: FactName.declared, value: String(times)) }

    /// What a declaration has taken back.
    func undone(_ versions: [String]) -> [Fact] {
        versions.map { Fact(subject: subject, name: FactName.undone, value: $0) }
    }

    /// Whether the tags that a revision is known to bear are of a time before the latest declaration.
    func isOutdated(_ arn: String, declared: Int, in context: Context) async throws(Failure) -> Bool {
        if declared == 0 { return false }
        let family = DefinitionTags.subject(of: DefinitionSketch.family(of: arn), clusterARN)
        var tags = try await definitions.sketch(arn, for: resource).tags
        let set = try await context.ledger.facts { facts in
            try DefinitionTags.set(by: try facts.all(family, FactName.tags(arn)))
        }
        tags.merge(set) { $1 }
        return (SchemaMark(keys, in: tags)?.declared ?? 0) < declared
    }
}
