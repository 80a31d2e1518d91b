import Hashing
import Reconciler

/// Which versions a database was brought to, as the ledger knows it and as marks on revisions tell.
///
/// The ledger, where it knows, outranks a mark: a mark only adds what the ledger has not seen.
struct SchemaHistory: Sendable {
    let clusterARN: String
    let database: String
    let version: SchemaSpec.Version
    /// The family that migrations run from: of two families no order of revisions could be told.
    let family: String
    let services: ServiceReader
    let serviceNames: [String]
    let definitions: DefinitionReader
    let resource: ResourceID

    /// The name under which facts of this database stand in the ledger.
    var subject: String { "schema/\(clusterARN)/\(database)" }

    /// Versions in the order in which the database was brought to them.
    struct Versions: Sendable, Equatable {
        var all: [String]
        /// Those of them that marks have told, and the ledger does not hold yet.
        var adopted: [String]
    }

    /// - Parameter wanted: where it is known to be in place, nothing more is read.
    func versions(wanted: String?, in context: Context) async throws(Failure) -> Versions {
        let known = try await context.ledger.facts(subject, FactName.version)
        if known.isEmpty {
            if let wanted, try await newestRevisionBears(wanted) { return Versions(all: [wanted], adopted: [wanted]) }
            let marked = try await marks()
            return Versions(all: marked, adopted: marked)
        }
        // Another ledger may have gone on since: what the services run now tells it. Where something would be migrated the
        // tags are read anew, because a mark may have been set after the revision was remembered.
        let isInPlace = wanted.map { self.isInPlace($0, known) } ?? false
        var marked: [String] = []
        for name in serviceNames {
            let arn = try await services.known(name).taskDefinition
            let tags =
                isInPlace
                ? try await definitions.sketch(arn, for: resource).tags
                : try await definitions.revision(arn, for: resource).tags
            if let version = tags[Mark.schema].flatMap(version(inTag:)), !(known + marked).contains(version) {
                marked.append(version)
            }
        }
        return Versions(all: known + marked, adopted: marked)
    }

    private func isInPlace(_ wanted: String, _ known: [String]) -> Bool {
        version == .image ? known.contains(wanted) : known.last == wanted
    }

    /// Whether the services run the newest revision of the family and it bears the mark: then no later one can bear another.
    private func newestRevisionBears(_ wanted: String) async throws(Failure) -> Bool {
        for name in serviceNames {
            let arn = try await services.known(name).taskDefinition
            guard DefinitionSketch.family(of: arn) == family,
                try await definitions.sketch(arn, for: resource).tags[Mark.schema].flatMap(version(inTag:)) == wanted
            else { continue }
            return try await definitions.newestARN(of: family, for: resource) == arn
        }
        return false
    }

    /// The marks of the newest revisions, oldest first, each version once.
    private func marks() async throws(Failure) -> [String] {
        var versions: [String] = []
        for sketch in try await definitions.known(of: family, for: resource).reversed() {
            let tags = try await definitions.revision(sketch.arn, for: resource).tags
            guard let version = tags[Mark.schema].flatMap(version(inTag:)) else { continue }
            // Where a version comes again it was rolled forward to anew: the later place counts.
            versions.removeAll { $0 == version }
            versions.append(version)
        }
        return versions
    }

    /// Whether a revision bears the mark of a version.
    func isMarked(_ revision: String, _ version: String) async throws(Failure) -> Bool {
        guard !revision.isEmpty else { return false }
        let tags = try await definitions.revision(revision, for: resource).tags
        return tags[Mark.schema].flatMap(self.version(inTag:)) == version
    }

    private func version(inTag tag: String) -> String? {
        let prefix = database + "="
        return tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : nil
    }

    /// A mark to set, and the fact that it was set.
    struct SchemaMark: Sendable, Equatable {
        let tag: String
        let fact: Fact
    }

    func mark(_ version: String) -> SchemaMark {
        SchemaMark(
            tag: "\(database)=\(version)", fact: Fact(subject: subject, name: FactName.marked, value: version))
    }

    /// The mark that a new revision can carry from its start: of the version that the database is at, if that is wanted.
    func mark(for intent: Intent, in context: Context) async throws(Failure) -> SchemaMark? {
        switch version {
        case .declared(let wanted): return try await versions(wanted: wanted, in: context).all.last.map(mark)
        case .image:
            guard let wanted = intent.payload["image"]?.string.map(Self.identity),
                try await versions(wanted: wanted, in: context).all.contains(wanted)
            else { return nil }
            return mark(wanted)
        }
    }

    /// The digest in a reference, or the reference where it has none.
    static func identity(of reference: String) -> String {
        reference.firstIndex(of: "@").map { String(reference[reference.index(after: $0)...]) } ?? reference
    }
}

/// Names of facts in the ledger.
enum FactName {
    static let version = "version"
    static let marked = "marked"
    /// The revision that was registered for a content.
    static func registered(_ digest: String) -> String { "registered/\(digest)" }
    /// The ARN of the revision that the latest migration ran from.
    static let migratedFrom = "migrated-from"
    /// One for each attempt that is known to have stopped without success; the name ends with the migration's identity.
    static func failed(_ identity: String) -> String { "failed/\(identity)" }
    /// What a probe told about a migration; the name ends with the token of its intent.
    static func probed(_ token: String) -> String { "probed/\(token)" }
    /// How a service's rollouts ended: `completed DIGEST` or `refused DIGEST`.
    static let rollout = "rollout"
}

/// What a migration is known by: (cluster, database, version), and not its command, values or limits.
struct MigrationIdentity: Sendable, Equatable {
    let clusterARN: String
    let database: String
    let version: String

    var digest: String { SHA256.hex([clusterARN, database, version].joined(separator: "\n")) }

    /// The RunTask token of an attempt: the same on every machine that wants the same.
    func token(attempt: Int) -> String { SHA256.hex("\(digest)\n\(attempt)") }

    /// What all migration tasks of one database are started by, whatever their version: at most 128 of `A-Za-z0-9_/-`.
    var startedBy: String { "reconcile/" + SHA256.hex([clusterARN, database].joined(separator: "\n")).prefix(32) }
}
