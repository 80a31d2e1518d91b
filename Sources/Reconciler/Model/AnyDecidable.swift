import Base
import JSON
import Ledger

/// What a person may decide of a resource whose kind is forgotten: what the engine works with.
public struct AnyDecidable: Sendable {
    public let id: ResourceID
    let names: [ResourceID]
    let subject: String
    let isShared: Bool
    let needsDecision: @Sendable (Intent) -> Bool
    let underWay: @Sendable (Intent, Context) async throws(Failure) -> UnderWay?
    let shownEnd: @Sendable (Intent, Context) async throws(Failure) -> ShownEnd?
    let checkStop: @Sendable (Intent, Context) async throws(Failure) -> Void
    let stop: @Sendable (Intent, String, Context) async throws(Failure) -> String
    let facts: @Sendable (Intent, Verdict) -> [Fact]
    let declaration: @Sendable (String, Context) async throws(Failure) -> StateDeclaration<JSON>
    let tell: @Sendable (Intent, Context) async throws(Failure) -> [Fact]

    public init<Kind: Decidable>(_ kind: Kind) {
        typealias Step = Pending<Kind.Order, Kind.Receipt>
        @Sendable func read(_ intent: Intent) throws(Failure) -> Step {
            guard let step = Step(intent) else { throw intent.unreadable }
            return step
        }
        id = kind.id
        names = [kind.id] + kind.formerNames
        subject = kind.subject
        isShared = kind.isShared
        // What cannot be read is a person's to decide: nothing else can.
        needsDecision = { Kind.Order($0.order).map(kind.needsDecision) ?? true }
        underWay = { (intent, context) throws(Failure) in
            guard let step = Step(intent) else { return nil }
            return try await kind.underWay(step, in: context)
        }
        shownEnd = { (intent, context) throws(Failure) in
            guard let step = Step(intent) else { return nil }
            return try await kind.shownEnd(step, in: context)
        }
        checkStop = { (intent, context) throws(Failure) in
            try await kind.checkStop(of: try read(intent), in: context)
        }
        stop = { (intent, reason, context) throws(Failure) in
            try await kind.stop(try read(intent), reason: reason, in: context)
        }
        facts = { (intent, verdict) in Step(intent).map { kind.facts(of: $0, after: verdict) } ?? [] }
        declaration = { (state, context) throws(Failure) in try await kind.declaration(of: state, in: context).erased }
        tell = { (intent, context) throws(Failure) in try await kind.tell(try read(intent), in: context) }
    }

    func isAbout(_ intent: Intent, in environment: String) -> Bool {
        intent.isAbout(names, subject, isShared: isShared, in: environment) && needsDecision(intent)
    }
}
