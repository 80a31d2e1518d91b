import Base
import Hashing
import Manifest
import Reconciler

/// Which versions a database was brought to, as the ledger knows it and as marks on revisions tell.
///
/// The ledger, where it knows, outranks a mark: a mark only adds what the ledger has not seen. A person's declaration outranks
/// both: marks of the time before it are not read any more, and a ledger that has not heard of it gives way to later ones.
struct SchemaHistory: Sendable {
    let spec: SchemaSpec
    /// The family that migrations run from: the revisions of two families have no order.
    let family: String
    let access: EnvironmentAccess
    /// Whether cached marks are enough if the ledger is empty and they show the wanted version. In a comparison only: what an
    /// apply adopts counts from then on.
    let believesCache: Bool

    /// The name under which facts of this database stand in the ledger.
    var subject: String { Subject.schema(spec.database, access.cluster.arn) }
    var resource: ResourceID { ResourceID(Kind.schema, spec.database) }
    /// Of the migration that waits until the services have moved.
    var resourceAfter: ResourceID { ResourceID(Kind.schema, "\(spec.database)@after") }

    /// The latest declaration that the ledger knows.
    func declared(in context: Context) async throws(Failure) -> Declaration { try await past(in: context).declared }

    /// What the ledger holds.
    private struct Past: Sendable {
        /// All that the database was brought to, oldest first, also what was undone by hand since.
        let reached: [String]
        /// The same without what was undone.
        let known: [String]
        let declared: Declaration
        /// Whether only revisions gave the order of versions.
        let isOrderGuessed: Bool
        /// Whether the version that it knows last is marked in AWS.
        let isMarked: Bool
        /// The revisions that it has used last.
        let revisions: [String]

        /// Whether a mark is of a declaration that was made without knowing of the ledger's.
        func contradicts(_ mark: SchemaMark) -> Bool {
            mark.declared.number == declared.number && mark.declared.version != declared.version
        }

        func holds(_ mark: SchemaMark) -> Bool {
            mark.declared.number < declared.number
                || mark.declared.number == declared.number && known.contains(mark.version)
        }
    }

    private func past(in context: Context) async throws(Failure) -> Past {
        let (subject, family) = (subject, TaskDefinitionTags.subject(of: family, access.cluster.arn))
        return try await context.ledger.facts(of: subject, family) { facts in
            let undone = try facts.all(subject, FactName.undone)
            let reached = try facts.all(subject, FactName.version)
            let known = Versions.without(undone, in: reached)
            // The first releases that knew declarations recorded only what they undo.
            let unnumbered = undone.isEmpty ? Declaration.none : Declaration(number: 1, version: known.last ?? "none")
            return Past(
                reached: reached,
                known: known,
                declared: try facts.latest(subject, FactName.declared) ?? unnumbered,
                isOrderGuessed: try facts.latest(subject, FactName.order) == .guessed,
                isMarked: try facts.latest(subject, FactName.marked) == known.last,
                revisions: try [
                    facts.latest(subject, FactName.migratedFrom), facts.latest(family, FactName.revision),
                ].compactMap(\.self))
        }
    }

    /// - Parameters:
    ///   - wanted: where it is known to be in place and nothing is about to be done, nothing more is read.
    ///   - isActing: whether a service is about to be moved, or something is open: then what is remembered of marks is not
    ///     enough.
    ///   - isDeclaring: whether a person is about to say where the database is, which settles all before it.
    ///   - target: the revision that services are about to be moved to, or that is migrated from.
    ///   - age: of marks that are read where something is about to be done.
    /// - Throws: ``Failure`` with code `schema-undecided` where AWS has another declaration of the same number.
    func versions(
        wanted: String?, isActing: Bool, isDeclaring: Bool = false, target: String? = nil,
        _ age: TaskDefinitionReader.Age = .now, in context: Context
    ) async throws(Failure) -> Versions {
        let past = try await past(in: context)
        if past.known.isEmpty {
            return try await fromMarks(
                past, wanted: isDeclaring ? nil : wanted, isActing: isActing, target: target, isActing ? age : .thisRun)
        }
        let isInPlace = wanted.map { self.isInPlace($0, past.known) } ?? false
        // Another ledger may have gone on since: what the services run now tells it. Where something would be migrated, moved
        // or marked the tags are read again, because one may have been set after the revision was remembered.
        let age = isActing || !past.isMarked || !isInPlace ? age : .remembered
        var borne = try await borne(age)
        if age != .remembered, let target, let mark = try await mark(on: target, age) { borne.append(mark) }
        // An old copy of a ledger may lack what other runs have done since, and what a person has declared, whatever the
        // services run now.
        let recent = age == .remembered ? [] : try await marks(since: past.revisions, age)
        if !isDeclaring, let other = (borne + recent).first(where: past.contradicts) {
            throw contradiction(past.declared, other.declared)
        }
        var versions = Versions(all: past.known, adopted: [], declared: past.declared)
        if !(borne + recent).allSatisfy(past.holds) {
            versions = joined(past, borne, try await marks(age)).ordered(by: valueOrder)
        }
        versions.isOrderGuessed = valueOrder == nil && (past.isOrderGuessed || versions.isOrderGuessed)
        versions.reached = past.reached
        return versions
    }

    /// What marks alone tell, where the ledger knows nothing.
    private func fromMarks(
        _ past: Past, wanted: String?, isActing: Bool, target: String?, _ age: TaskDefinitionReader.Age
    ) async throws(Failure) -> Versions {
        if believesCache, !isActing, let wanted {
            for age in [TaskDefinitionReader.Age.remembered, .thisRun] {
                let borne = try await borne(age)
                guard borne.contains(where: { $0.version == wanted }) else { continue }
                return joined(past, borne, []).ordered(by: valueOrder)
            }
        }
        var borne = try await borne(age)
        if let target, let mark = try await mark(on: target, age) { borne.append(mark) }
        if let wanted, let newest = try await newestMark(of: wanted, age) {
            return joined(past, borne, [newest]).ordered(by: valueOrder)
        }
        if let wanted { try await refuseDoubt(about: wanted, age) }
        var versions = joined(past, borne, try await marks(age)).ordered(by: valueOrder)
        versions.isOrderGuessed = valueOrder == nil && versions.isOrderGuessed
        return versions
    }

    /// The order of versions by themselves; nil where only their history tells it.
    private var valueOrder: VersionOrder? { spec.version == .image || spec.order == .opaque ? nil : spec.order }

    private func contradiction(_ own: Declaration, _ other: Declaration) -> Failure {
        Failure(
            .schemaUndecided,
            "this ledger knows the declaration that \(spec.database) is at \(own.version), and AWS one made elsewhere that it is "
                + "at \(other.version)", of: resource,
            hint: "look at the database, then say where it is: "
                + "reconcile resolve MANIFEST \(resource) --at VERSION --reason TEXT")
    }

    /// - Parameters:
    ///   - borne: marks on what the services run.
    ///   - listed: marks on the revisions of the family, oldest first.
    private func joined(_ past: Past, _ borne: [SchemaMark], _ listed: [SchemaMark]) -> Versions {
        let latest = (borne + listed).map(\.declared).max { $0.number < $1.number }
        guard let latest, latest.number > past.declared.number else {
            var versions = Versions(
                known: past.known, borne: Self.versions(borne, after: past.declared),
                listed: Versions.once(Self.versions(listed, after: past.declared)), declared: past.declared)
            versions.isOrderGuessed = versions.adopted.count > 0 && versions.all.count > 1
            return versions
        }
        // A ledger that knows nothing takes marks of the time before for what it would know.
        let isNew = past.known.isEmpty
        let known =
            isNew ? Versions.once(listed.filter { $0.declared.number < latest.number }.map(\.version)) : past.known
        // What was undone is marked again where it is declared.
        let isTold = isNew && valueOrder == nil && !known.contains(latest.version)
        let undone = isTold ? [] : beyond(latest.version, in: known, of: past.reached)
        var versions = Versions(
            known: Versions.without(undone, in: known), borne: Self.versions(borne, after: latest),
            listed: Versions.once(Self.versions(listed, after: latest)), declared: latest)
        if isNew {
            versions.adopted = versions.all
            versions.isOrderGuessed = versions.all.count > 1
        }
        versions.undone = isNew ? [] : undone
        return versions
    }

    private static func versions(_ marks: [SchemaMark], after declaration: Declaration) -> [String] {
        marks.filter { $0.declared.number == declaration.number }.map(\.version)
    }

    /// What a database that is at a version has not, of what it was known to have.
    ///
    /// - Parameter reached: all that it was ever brought to, oldest first: a version that was undone, and is declared again,
    ///   still has its place among the others.
    func beyond(_ base: String, in known: [String], of reached: [String]) -> [String] {
        if let valueOrder { return known.filter { valueOrder.standing(of: $0, given: [base]) == .newer } }
        // Only their history orders them: where one is declared that is not in it, nothing else is known to be in place.
        if let index = known.firstIndex(of: base) { return Array(known[(index + 1)...]) }
        guard let index = reached.lastIndex(of: base) else { return known }
        return known.filter { !reached[..<index].contains($0) }
    }

    /// Whether two texts are one version in the manifest's order, such as 2 and 0002.
    func isSame(_ version: String, _ other: String?) -> Bool {
        guard let other else { return false }
        return valueOrder?.isSame(version, other) ?? (version == other)
    }

    private func isInPlace(_ wanted: String, _ known: [String]) -> Bool {
        spec.version == .image ? known.contains(wanted) : isAt(wanted, known)
    }

    private func isAt(_ wanted: String, _ known: [String]) -> Bool {
        known.last.map { isSame($0, wanted) || spec.isAtSuccessor($0) } ?? false
    }

    /// Whether another version than an open migration's was reached after it: one that is known already with its place, or
    /// one whose mark is on a newer revision than that which the migration ran from. Not the one that it began at.
    func isPassed(_ version: String, of order: MigrationOrder, by known: [String]) async throws(Failure) -> Bool {
        guard let last = known.last, !isSame(last, version), last != order.from else { return false }
        let revision = order.revision
        if known.contains(version) { return true }
        for summary in try await access.definitions.known(of: family, for: resource)
        where summary.family == RevisionARN.family(of: revision)
            && summary.revision > RevisionARN.number(of: revision)
        {
            if try await mark(on: summary.arn)?.version == last { return true }
        }
        return false
    }

    /// The mark that a new revision can carry from its start: of the version that the database is at, if that is wanted.
    ///
    /// - Parameter image: the released image, as the revision names it.
    func mark(forRevisionOf image: String, in context: Context) async throws(Failure) -> SchemaMark? {
        let wanted: String
        switch spec.version {
        case .declared(let version): wanted = version
        case .image:
            wanted = Self.identity(of: image)
        case .lastApplied: return nil
        }
        let versions = try await versions(wanted: wanted, isActing: true, in: context)
        guard isInPlace(wanted, versions.all), let last = versions.all.last else { return nil }
        return SchemaMark(spec.version == .image ? wanted : last, declared: versions.declared)
    }

    /// Whether the ledger does not have the database where the manifest wants it.
    ///
    /// - Parameter identity: of the released image.
    func isToMigrate(to identity: String?, in context: Context) async throws(Failure) -> Bool {
        let known = try await context.ledger.facts(subject, FactName.version)
        let wanted: String? = if case .declared(let version) = spec.version { version } else { identity }
        return [wanted, spec.successor].compactMap(\.self).contains { version in
            !known.contains { isSame($0, version) }
        }
    }

    /// The digest in a reference, or the reference where it has none.
    static func identity(of reference: String) -> String {
        reference.firstIndex(of: "@").map { String(reference[reference.index(after: $0)...]) } ?? reference
    }
}
