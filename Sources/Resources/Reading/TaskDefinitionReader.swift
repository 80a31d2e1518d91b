import AWS
import Base
import JSON

/// Reads revisions, each at most once: a revision never changes. Its tags do, and are read as they are now where that counts.
public actor TaskDefinitionReader {
    /// How old tags may be.
    enum Age {
        /// As they were when the revision was first read, in whatever run.
        case remembered
        /// Read in this run.
        case thisRun
        /// At most one second old, or as old as reading all of them makes them (``freshness``).
        case now
    }

    private let client: ECSClient
    private let cache: RevisionCache
    private let clock: EngineClock
    private var revisions: [String: TaskDefinitionRevision] = [:]
    /// When each was read.
    private var moments: [String: Duration] = [:]
    private var summaries: [String: TaskDefinitionSummary] = [:]
    private var families: [String: [TaskDefinitionSummary]] = [:]

    /// Families that were listed ahead, and when: the next one who lists takes it.
    private var ahead: [String: (arns: [String], moment: Duration)] = [:]

    /// What this process has registered, by the digest that was wanted.
    private var registered: [String: String] = [:]

    /// How many of a family's newest revisions are looked through.
    static let searched = 20

    /// Whether what earlier runs have remembered is believed.
    private let usesCache: Bool

    /// - Parameter usesCache: false reads everything from AWS once more.
    public init(_ client: ECSClient, cache: RevisionCache, clock: EngineClock, usesCache: Bool = true) {
        self.usesCache = usesCache
        self.clock = clock
        self.client = client
        self.cache = cache
    }

    /// What is remembered of a revision, in this process or in the cache; else what AWS says.
    func summary(_ arn: String, for resource: ResourceID) async throws(Failure) -> TaskDefinitionSummary {
        if let known = summaries[arn] { return known }
        if usesCache, let stored = try await cache.kept(Self.key(arn)),
            let summary = TaskDefinitionSummary(stored: stored), summary.arn == arn
        {
            summaries[arn] = summary
            return summary
        }
        let summary = TaskDefinitionSummary(try await revision(arn, for: resource))
        summaries[arn] = summary
        return summary
    }

    /// A whole revision, environment values included: never stored.
    func revision(_ name: String, for resource: ResourceID) async throws(Failure) -> TaskDefinitionRevision {
        if let known = revisions[name] { return known }
        return try await readAgain(name, for: resource)
    }

    /// What was known counts until there is an answer.
    private func readAgain(_ name: String, for resource: ResourceID) async throws(Failure) -> TaskDefinitionRevision {
        let revision: TaskDefinitionRevision
        do {
            revision = try await client.describeTaskDefinition(name)
        } catch {
            if error.code == "ClientException", error.message.mentions("unable to describe") {
                throw Failure(
                    .definitionMissing, "there is no task definition \(name)", of: resource,
                    hint: "check the service's task definition in ECS", cause: [error.description])
            }
            let failure = Failure.aws(reading: error, resource, "read the task definition \(name)")
            // A server that answers with a part of it may answer with all of it a little later.
            throw error.kind == .malformed ? failure.with { $0.isTransient = true } : failure
        }
        guard Self.means(name, revision) else {
            throw Failure(
                .awsUnreadable, "AWS describes \(revision.arn) where \(name) was asked for", of: resource,
                hint: "is the endpoint really AWS? Add --verbose to see the calls", isTransient: true)
        }
        try await remember(revision)
        return revision
    }

    /// - Parameter name: an ARN, or `FAMILY:REVISION`, or a family.
    private static func means(_ name: String, _ revision: TaskDefinitionRevision) -> Bool {
        let asked = RevisionARN.shortName(of: name)
        return RevisionARN.shortName(of: revision.arn).hasPrefix(asked.contains(":") ? asked : asked + ":")
            && (!asked.contains(":") || RevisionARN.shortName(of: revision.arn) == asked)
    }

    func tags(_ arn: String, _ age: Age, for resource: ResourceID) async throws(Failure) -> [String: String] {
        switch age {
        case .remembered: return try await summary(arn, for: resource).tags
        case .thisRun: return try await revision(arn, for: resource).tags
        case .now:
            if let moment = moments[arn], isFresh(moment), let known = revisions[arn] { return known.tags }
            return try await readAgain(arn, for: resource).tags
        }
    }

    /// AWS allows about 20 readings in a second. A run that has read many revisions would read nothing but them, before each
    /// step anew.
    private var freshness: Duration { max(.seconds(1), .milliseconds(100) * moments.count) }
    private func isFresh(_ moment: Duration) -> Bool { clock.elapsed() - moment < freshness }
    private func isNew(_ moment: Duration) -> Bool { clock.elapsed() - moment < .seconds(1) }

    /// A revision of a family is about to be registered, and the answer may never come: what was listed ahead does not count.
    func doubt(_ family: String) { ahead[family] = nil }

    /// Takes a revision that was registered for a digest. The server may show more in it than was sent, and lists may not show
    /// it yet: it is what was wanted all the same.
    func remember(_ revision: TaskDefinitionRevision, for digest: String) async throws(Failure) {
        registered[digest] = revision.arn
        try await remember(revision)
    }

    /// The revision of a family that says what is wanted: by its content, or because it was registered for it. A tag alone is
    /// not believed: people copy tags. Of several the lowest: every runner then chooses the same.
    ///
    /// - Parameter recorded: the revision that the ledger says was registered for the digest.
    func match(
        _ digest: String, family: String, recorded: String?, for resource: ResourceID
    ) async throws(Failure) -> String? {
        let listed = try await newest(of: family, for: resource).filter { $0.digest == digest || $0.arn == recorded }
        // What is deregistered may be listed for a little longer.
        if let found = listed.last(where: { !$0.isInactive })?.arn ?? registered[digest] { return found }
        // Lists may be behind, or cut: what the ledger knows is asked for by its name before it is made again.
        guard let recorded, try await isActive(recorded, for: resource) else { return nil }
        return recorded
    }

    /// Whether ECS still lets tasks and services use a revision: read again, unless this process has just read it.
    func isUsable(_ arn: String, for resource: ResourceID) async throws(Failure) -> Bool {
        if try await summary(arn, for: resource).isInactive { return false }
        if let known = revisions[arn] { return known.status == "ACTIVE" }
        return try await isActive(arn, for: resource)
    }

    /// Read again: a revision never changes, but whether it may still be used does.
    private func isActive(_ arn: String, for resource: ResourceID) async throws(Failure) -> Bool {
        do {
            return try await readAgain(arn, for: resource).status == "ACTIVE"
        } catch let error where error.code == .definitionMissing {
            return false
        }
    }

    /// Takes a revision that an answer brought.
    func remember(_ revision: TaskDefinitionRevision) async throws(Failure) {
        let summary = TaskDefinitionSummary(revision)
        moments[revision.arn] = clock.elapsed()
        revisions[revision.arn] = revision
        summaries[revision.arn] = summary
        try await cache.keep(summary.stored(hiding: client.secrets), as: Self.key(revision.arn))
    }

    /// Takes tags that this run has set on a revision.
    func remember(_ tags: [String: String], on arn: String) async throws(Failure) {
        // Whatever else was set meanwhile is read with the next reading: the moment stays.
        revisions[arn]?.tags.merge(tags) { $1 }
        guard var summary = summaries[arn] else { return }
        summary.tags.merge(tags) { $1 }
        summaries[arn] = summary
        try await cache.keep(summary.stored(hiding: client.secrets), as: Self.key(arn))
    }

    /// What is remembered of a revision, without a call.
    func remembered(_ arn: String) async -> TaskDefinitionSummary? {
        if let known = summaries[arn] { return known }
        guard usesCache else { return nil }
        do {
            guard let summary = try await cache.kept(Self.key(arn)).flatMap(TaskDefinitionSummary.init(stored:)),
                summary.arn == arn
            else { return nil }
            summaries[arn] = summary
            return summary
        } catch {
            return nil
        }
    }

    /// Reads a whole revision before it is asked for. If that fails, the next reading tries again.
    func readAhead(_ arn: String, for resource: ResourceID) async {
        do { _ = try await revision(arn, for: resource) } catch {}
    }

    /// Lists a family before it is asked for: the next list within a second takes this one.
    func listAhead(_ family: String, for resource: ResourceID) async {
        if let listed = ahead[family], isNew(listed.moment) { return }
        let start = clock.elapsed()
        do { ahead[family] = (try await list(family, for: resource), start) } catch {}
    }

    /// Reads what is not known of the revisions that were listed ahead, side by side.
    func describeAhead(_ family: String, for resource: ResourceID) async {
        var unknown: [String] = []
        for arn in ahead[family]?.arns ?? [] where await remembered(arn) == nil { unknown.append(arn) }
        await clock.atOnce(unknown.map { arn in { await self.readAhead(arn, for: resource) } })
    }

    /// The newest active revisions of a family as they were last listed, the newest first: for what older ones tell.
    func known(of family: String, for resource: ResourceID) async throws(Failure) -> [TaskDefinitionSummary] {
        if let known = families[family] { return known }
        return try await newest(of: family, for: resource)
    }

    /// The newest active revision of a family as it was last listed.
    func newestARN(of family: String, for resource: ResourceID) async throws(Failure) -> String? {
        if let known = families[family] { return known.first?.arn }
        return try await list(family, for: resource).first
    }

    /// The newest active revisions of a family, listed now, the newest first.
    func newest(of family: String, for resource: ResourceID) async throws(Failure) -> [TaskDefinitionSummary] {
        var found: [TaskDefinitionSummary] = []
        for arn in try await list(family, for: resource) { found.append(try await summary(arn, for: resource)) }
        families[family] = found
        return found
    }

    /// The newest revisions of a family that were deregistered, the newest first.
    func deregistered(of family: String, for resource: ResourceID) async throws(Failure) -> [TaskDefinitionSummary] {
        var found: [TaskDefinitionSummary] = []
        for arn in try await list(family, isActive: false, for: resource) {
            found.append(try await summary(arn, for: resource))
        }
        return found
    }

    private func list(
        _ family: String, isActive: Bool = true, for resource: ResourceID
    ) async throws(Failure) -> [String] {
        if isActive, let listed = ahead.removeValue(forKey: family), isNew(listed.moment) { return listed.arns }
        let answer = try await reading(resource, "list the revisions of \(family)") { () throws(AWSError) in
            try await client.listTaskDefinitions(family: family, isActive: isActive)
        }
        // Servers differ in order and match prefixes: neither is taken for granted.
        return answer.arns
            .filter { RevisionARN.family(of: $0) == family }
            .sorted { RevisionARN.number(of: $0) > RevisionARN.number(of: $1) }
            .prefix(Self.searched).map(\.self)
    }

    private static func key(_ arn: String) -> String { "definition/\(arn)" }
}
