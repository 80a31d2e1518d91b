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

    /// The marks of the newest revisions, from the one on that the ledger has used last: in the usual case one, which this
    /// process has just registered. What others have registered since may bear no mark, and a declaration was made on what was
    /// the newest one then. All of them, where the last one that was used is not there any more.
    func marks(since used: [String], _ age: TaskDefinitionReader.Age) async throws(Failure) -> [SchemaMark] {
        let last =
            used.filter { RevisionARN.family(of: $0) == family }.map(RevisionARN.number).max()
            ?? 0
        let listed = try await access.definitions.known(of: family, for: resource)
        let isThere = listed.contains { $0.revision == last }
        var marks: [SchemaMark] = []
        for summary in listed where summary.revision >= last || !isThere {
            if let mark = try await mark(on: summary.arn, age) { marks.append(mark) }
        }
        return marks
    }

    /// The marks of the newest revisions, oldest first.
    func marks(_ age: TaskDefinitionReader.Age) async throws(Failure) -> [SchemaMark] {
        let age = age == .remembered ? .thisRun : age
        var marks: [SchemaMark] = []
        for summary in try await access.definitions.known(of: family, for: resource).reversed() {
            if let mark = try await mark(on: summary.arn, age) { marks.append(mark) }
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
            let tag = try await access.definitions.summary(arn, for: resource).tags[Mark.unqualifiedSchema]
            let parts = tag?.split(separator: "=", maxSplits: 1) ?? []
            if parts.count == 2, parts[0] == spec.database { return String(parts[1]) }
        }
        return nil
    }
}
