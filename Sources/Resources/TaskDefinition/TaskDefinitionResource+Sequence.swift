import AWS
import Base
import Hashing
import Ledger
import Reconciler

/// The order of releases: which one was applied last, as the ledger and the revisions in use say.
extension TaskDefinitionResource {
    struct Sequence: Sendable, Equatable {
        let release: ReleaseSequence
        /// The highest that the ledger, or a revision in use, tells; nil if none does.
        let last: Int?
        /// Whether the ledger has it as the last one.
        let isRecorded: Bool
        /// Whether the revision that says what is wanted bears its number; so does one that is yet to be registered.
        let isBorne: Bool

        func refusal(of resource: ResourceID) -> Failure? { release.refusal(after: last, of: resource) }

        var note: String { "this is release \(release.number)" + (last.map { " after \($0)" } ?? "") }
    }

    private var environmentSubject: String { Subject.environment(access.environment, access.cluster.arn) }
    private var key: String { Mark.sequence(access.environment, clusterARN: access.cluster.arn) }

    /// The tags are read now: that another machine has released since is what they are asked for.
    ///
    /// - Parameter match: the revision that says what is wanted; nil if there is none yet.
    func sequence(_ match: String?, in context: Context) async throws(Failure) -> Sequence? {
        guard let release = access.sequence else { return nil }
        let recorded = try await context.ledger.fact(environmentSubject, FactName.sequence)
        var seen = [recorded]
        for name in access.serviceNames {
            seen.append(try await borne(by: try await access.services.known(name).taskDefinition))
        }
        var isBorne = true
        if let match { isBorne = try await borne(by: match) == release.number }
        return Sequence(
            release: release, last: seen.compactMap(\.self).max(), isRecorded: recorded == release.number,
            isBorne: isBorne)
    }

    private func borne(by arn: String) async throws(Failure) -> Int? {
        guard !arn.isEmpty else { return nil }
        return try await access.definitions.tags(arn, .now, for: id)[key].flatMap { Int($0) }
    }

    /// What a revision of this release is registered with.
    var sequenceTags: [String: String] { access.sequence.map { [key: "\($0.number)"] } ?? [:] }

    /// That it is the last one, from the first thing on that it does.
    func recording(_ sequence: Sequence?) -> [Fact] {
        guard let sequence, !sequence.isRecorded, sequence.refusal(of: id) == nil else { return [] }
        return [Fact(environmentSubject, FactName.sequence, sequence.release.number)]
    }

    /// A release that finds its content in place is the last one all the same: the ledger says so, and the revision, for other
    /// ledgers.
    func numbered(_ change: Change, _ sequence: Sequence?) -> Change {
        guard let sequence, !(sequence.isBorne && sequence.isRecorded) else { return change }
        var change = change
        // Other ledgers know it by the tag alone: whatever kept an earlier run from it, the next one sets it.
        change.isUnrecorded = true
        if !sequence.isBorne { change.need = .note(.tag) }
        if !sequence.isRecorded { change.notes.append(sequence.note) }
        return change
    }

    func intention(toTag match: String, _ release: ReleaseSequence) -> Intention<TaskDefinitionOrder> {
        let order = SequenceOrder(revision: match, sequence: release.number)
        return Intention(token: SHA256.hex("tag\n\(key)\n\(order.json.canonical)"), order: .tag(order))
    }

    /// Whether a tag was set is read; no person has to say.
    func needsDecision(_ order: TaskDefinitionOrder) -> Bool { if case .register = order { true } else { false } }

    func tag(_ order: SequenceOrder) async throws(Failure) -> Reply<NoRecord> {
        let name = RevisionARN.shortName(of: order.revision)
        let tags = [key: "\(order.sequence)"]
        try await calling(id, "tag the revision \(name)") { () throws(AWSError) in
            try await access.ecs.tagResource(arn: order.revision, tags: tags)
        }
        try await access.definitions.remember(tags, on: order.revision)
        return .done(evidence: ["summary": .string("tagged \(name)")], facts: tagged(order))
    }

    /// An unanswered call has set the tag or not; to set it again is the same.
    func settle(_ order: SequenceOrder) async throws(Failure) -> Settlement {
        guard try await borne(by: order.revision) == order.sequence else {
            return .abandoned("the tag is not set: it is set again if it is needed")
        }
        let name = RevisionARN.shortName(of: order.revision)
        return .succeeded(evidence: ["summary": .string("tagged \(name)")], facts: tagged(order))
    }

    private func tagged(_ order: SequenceOrder) -> [Fact] {
        [TaskDefinitionTags.fact([key: "\(order.sequence)"], on: order.revision, access.cluster.arn)]
    }
}
