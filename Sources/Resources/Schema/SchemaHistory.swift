import Hashing
import Reconciler

/// Which versions a database was brought to, as the ledger knows it and as marks on revisions tell.
///
/// The ledger, where it knows, outranks a mark: a mark only adds what the ledger has not seen.
struct SchemaHistory: Sendable {
    let clusterARN: String
    let database: String
    let version: SchemaSpec.Version
    /// The version that follows in the same manifest.
    let successor: String?
    /// The family that migrations run from: of two families no order of revisions could be told.
    let family: String
    let services: ServiceReader
    let serviceNames: [String]
    let definitions: DefinitionReader
    let resource: ResourceID

    /// The name under which facts of this database stand in the ledger.
    var subject: String { Subject.schema(database, clusterARN) }

    /// - Parameter wanted: where it is known to be in place, nothing more is read.
    func versions(wanted: String?, in context: Context) async throws(Failure) -> Versions {
        let (subject, family) = (subject, DefinitionTags.subject(of: family, clusterARN))
        let past = try await context.ledger.facts { facts in
            Past(
                known: try facts.all(subject, FactName.version), undone: try facts.all(subject, FactName.undone),
                revisions: try [
                    facts.latest(subject, FactName.migratedFrom), facts.latest(family, FactName.revision),
                ].compactMap(\.self))
        }
        // A mark of what was undone is no news: the ledger knows better.
        return try await seen(wanted: wanted, past).without(past.undone)
    }

    /// What the ledger holds.
    private struct Past: Sendable {
        let known: [String]
        let undone: [String]
        /// The revisions that it has used last.
        let revisions: [String]
    }

    private func seen(wanted: String?, _ past: Past) async throws(Failure) -> Versions {
        let known = past.known
        // Another ledger may have gone on since: what the services run now tells it. Where something would be migrated the
        // tags are read anew, because a mark may have been set after the revision was remembered.
        let valid = Versions.without(past.undone, in: known)
        let isInPlace = known.isEmpty || (wanted.map { self.isInPlace($0, valid) } ?? false)
        let borne = try await borne(isRemembered: isInPlace)
        if known.isEmpty {
            let isNewest = if let wanted { try await newestRevisionBears(wanted) } else { false }
            return Versions(known: [], borne: borne, listed: isNewest ? [wanted ?? ""] : try await marks())
        }
        // Before something is migrated: an old copy of a ledger may lack what other runs have done since, whatever the
        // services run now.
        let recent = isInPlace ? [] : try await marks(since: past.revisions)
        if (borne + recent).allSatisfy(known.contains) { return Versions(all: known, adopted: []) }
        return Versions(known: known, borne: borne, listed: try await marks())
    }

    private func isInPlace(_ wanted: String, _ known: [String]) -> Bool {
        version == .image ? known.contains(wanted) : isAt(wanted, known)
    }

    private func isAt(_ wanted: String, _ known: [String]) -> Bool {
        known.last == wanted || known.last != nil && known.last == successor
    }

    /// The marks on what the services run, those of the family that migrations run from last.
    private func borne(isRemembered: Bool) async throws(Failure) -> [String] {
        var others: [String] = []
        var own: [String] = []
        for name in serviceNames {
            let arn = try await services.known(name).taskDefinition
            let tags =
                isRemembered
                ? try await definitions.sketch(arn, for: resource).tags
                : try await definitions.revision(arn, for: resource).tags
            guard let version = tags[markKey] else { continue }
            if DefinitionSketch.family(of: arn) == family { own.append(version) } else { others.append(version) }
        }
        return others + own
    }

    /// Whether the services run the newest revision of the family and it bears the mark: then no later one can bear another.
    private func newestRevisionBears(_ wanted: String) async throws(Failure) -> Bool {
        for name in serviceNames {
            let arn = try await services.known(name).taskDefinition
            guard DefinitionSketch.family(of: arn) == family,
                try await definitions.sketch(arn, for: resource).tags[markKey] == wanted
            else { continue }
            return try await definitions.newestARN(of: family, for: resource) == arn
        }
        return false
    }

    /// The marks of the newest revisions, from those on that the ledger has used last: in the usual case one, which this
    /// process has just registered.
    private func marks(since used: [String]) async throws(Failure) -> [String] {
        let last = used.filter { DefinitionSketch.family(of: $0) == family }.map(DefinitionSketch.revision).max() ?? 0
        var versions: [String] = []
        for sketch in try await definitions.known(of: family, for: resource) where sketch.revision >= last {
            if let version = try await definitions.revision(sketch.arn, for: resource).tags[markKey] {
                versions.append(version)
            }
        }
        return versions
    }

    /// The version that the mark on a revision names; nil if it bears none.
    func mark(on revision: String) async throws(Failure) -> String? {
        guard !revision.isEmpty else { return nil }
        return try await definitions.revision(revision, for: resource).tags[markKey]
    }

    /// Whether another version than an open migration's was reached after it: one that is known already with its place, or
    /// one whose mark is on a newer revision than that which the migration ran from. Not the one that it began at.
    func isPassed(_ version: String, of intent: Intent, by known: [String]) async throws(Failure) -> Bool {
        guard let last = known.last, last != version, last != intent.payload["from"]?.string else { return false }
        let revision = intent.payload["revision"]?.string ?? ""
        if known.contains(version) { return true }
        for sketch in try await definitions.known(of: family, for: resource)
        where sketch.family == DefinitionSketch.family(of: revision)
            && sketch.revision > DefinitionSketch.revision(of: revision)
        {
            if try await mark(on: sketch.arn) == last { return true }
        }
        return false
    }

    /// The marks of the newest revisions, oldest first, each version once.
    private func marks() async throws(Failure) -> [String] {
        var versions: [String] = []
        for sketch in try await definitions.known(of: family, for: resource).reversed() {
            let tags = try await definitions.revision(sketch.arn, for: resource).tags
            guard let version = tags[markKey] else { continue }
            // Where a version comes again it was rolled forward to anew: the later place counts.
            versions.removeAll { $0 == version }
            versions.append(version)
        }
        return versions
    }

    /// Whether a revision bears the mark of a version.
    func isMarked(_ revision: String, _ version: String) async throws(Failure) -> Bool {
        try await mark(on: revision) == version
    }

    private var markKey: String { Mark.schema(database, clusterARN: clusterARN) }

    /// The version that a mark without a cluster names on what the services run: it may be another cluster's.
    func unqualifiedMark() async throws(Failure) -> String? {
        for name in serviceNames {
            let arn = try await services.known(name).taskDefinition
            let tag = try await definitions.sketch(arn, for: resource).tags[Mark.unqualifiedSchema]
            let parts = tag?.split(separator: "=", maxSplits: 1) ?? []
            if parts.count == 2, parts[0] == database { return String(parts[1]) }
        }
        return nil
    }

    /// A mark to set, and the fact that it was set.
    struct SchemaMark: Sendable, Equatable {
        /// The tag.
        let key: String
        let version: String
        let fact: Fact

        var tags: [String: String] { [key: version] }

        func facts(on arn: String, _ clusterARN: String) -> [Fact] {
            [fact, DefinitionTags.fact(tags, on: arn, clusterARN)]
        }
    }

    func mark(_ version: String) -> SchemaMark {
        SchemaMark(
            key: markKey, version: version, fact: Fact(subject: subject, name: FactName.marked, value: version))
    }

    /// The mark that a new revision can carry from its start: of the version that the database is at, if that is wanted.
    func mark(for intent: Intent, in context: Context) async throws(Failure) -> SchemaMark? {
        switch version {
        case .declared(let wanted):
            let known = try await versions(wanted: wanted, in: context).all
            guard isAt(wanted, known), let last = known.last else { return nil }
            return mark(last)
        case .image:
            guard let wanted = intent.payload["image"]?.string.map(Self.identity),
                try await versions(wanted: wanted, in: context).all.contains(wanted)
            else { return nil }
            return mark(wanted)
        case .lastApplied: return nil
        }
    }

    /// The digest in a reference, or the reference where it has none.
    static func identity(of reference: String) -> String {
        reference.firstIndex(of: "@").map { String(reference[reference.index(after: $0)...]) } ?? reference
    }
}
