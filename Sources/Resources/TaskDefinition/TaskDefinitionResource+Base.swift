import Base
import Ledger
import Reconciler

/// What a definition is made from, and whether another user has moved it.
extension TaskDefinitionResource {
    /// A base that another user has registered since the last run.
    struct MovedBase: Sendable, Equatable {
        let arn: String
        let actor: String?
        /// What differs from the base before it, its image aside.
        let fields: [FieldChange]
        let imagelessDigest: String

        var name: String { RevisionARN.shortName(of: arn) }

        var note: String {
            let note = "taken as the new base: \(name), registered by \(actor ?? "another user")"
            if fields.isEmpty { return note }
            return note + ": "
                + fields.map { "\($0.path) \($0.from ?? "unset") -> \($0.to ?? "unset")" }.joined(separator: ", ")
        }
    }

    /// A base that is neither ours nor the one that was recorded was moved by another user.
    func movedBase(_ base: TaskDefinitionSummary, in context: Context) async throws(Failure) -> MovedBase? {
        let (subject, serviceSubject) = (subject, serviceSubject)
        let (recorded, registered, taken) = try await context.ledger.facts(of: subject, serviceSubject) { facts in
            (
                try facts.latest(subject, FactName.base), try facts.latest(subject, FactName.revision),
                try facts.latest(serviceSubject, FactName.takenBase)
            )
        }
        guard let recorded, let own = base.imagelessDigest(of: released),
            ![recorded, taken?.imagelessDigest].contains(own), try await !isOwn(base, in: context)
        else { return nil }
        var fields: [FieldChange] = []
        if let last = taken?.arn ?? registered {
            let old = TaskDefinitionContent(try await access.definitions.revision(last, for: id).document)
            let new = TaskDefinitionContent(try await access.definitions.revision(base.arn, for: id).document)
            fields = TaskDefinitionDiff(fingerprint: access.ledger.fingerprint).fields(from: old, to: new)
                .filter { !isReleasedImage($0) }
        }
        return MovedBase(arn: base.arn, actor: base.registeredBy, fields: fields, imagelessDigest: own)
    }

    /// Whether it was registered by this tool, on whatever machine. People copy tags: one that names another content proves
    /// nothing, unless the ledger knows the revision by it.
    private func isOwn(_ base: TaskDefinitionSummary, in context: Context) async throws(Failure) -> Bool {
        guard let tag = base.tags[Mark.digest] else { return false }
        if tag == base.digest { return true }
        return try await context.ledger.fact(subject, FactName.registered(tag)) == base.arn
    }

    /// What the ledger keeps of a base that is none of its own any more: which one it is now.
    func taken(_ arn: String, _ imagelessDigest: String) -> Fact {
        // Of the service: two services of one family may have a base each.
        Fact(serviceSubject, FactName.takenBase, TakenBase(imagelessDigest: imagelessDigest, arn: arn))
    }
}
