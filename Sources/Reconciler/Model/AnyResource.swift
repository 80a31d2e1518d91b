import Base
import JSON
import Ledger

/// A resource whose kind is forgotten: what the engine works with.
public struct AnyResource: Sendable {
    public let id: ResourceID
    let names: [ResourceID]
    public let subject: String
    public let isShared: Bool
    public let dependencies: [ResourceID]
    /// What a person may decide of it; nil for a kind of which nothing is left to a person.
    public let decidable: AnyDecidable?
    let observe: @Sendable (Intent?, Outputs, Context) async throws(Failure) -> Seen

    /// What was seen of a resource, with the verbs that go on from it.
    struct Seen: Sendable {
        let output: AnyOutput?
        let settlement: Settlement?
        let adopted: [Fact]
        let diff: @Sendable (Outputs) -> Change
        let divergences: @Sendable (Outputs) -> [Divergence]
        let intention: @Sendable (Change, Outputs) throws(Failure) -> Intention<JSON>
        let converge: @Sendable (Change, Intent, Context) async throws(Failure) -> Reply<JSON>

        /// What is not known blocks, whatever else was seen: nothing is planned on a guess.
        var cautious: Seen {
            guard case .indeterminate(let failure) = settlement else { return self }
            return Seen(
                output: output, settlement: settlement, adopted: adopted, diff: { _ in .blocked(failure) },
                divergences: { _ in [Divergence(.world, failure.summary)] }, intention: intention, converge: converge)
        }
    }

    public init<Kind: Resource>(_ resource: Kind) {
        id = resource.id
        names = [resource.id] + resource.formerNames
        subject = resource.subject
        isShared = resource.isShared
        dependencies = resource.dependencies
        decidable = (resource as? any Decidable).map { AnyDecidable($0) }
        observe = { (pending, upstream, context) async throws(Failure) in
            let step = pending.flatMap(Pending<Kind.Order, Kind.Receipt>.init)
            let sighting: ObservationResult<Kind.Observed, Kind.Output>
            if let pending, step == nil {
                sighting = ObservationResult(
                    .indeterminate("its open step cannot be read"), settlement: .indeterminate(pending.unreadable))
            } else {
                sighting = try await resource.observe(pending: step, upstream: upstream, in: context)
            }
            let observed = sighting.observation
            return Seen(
                output: sighting.output.map { AnyOutput($0) },
                settlement: sighting.settlement,
                adopted: sighting.adopted,
                diff: { resource.diff(observed, upstream: $0) },
                divergences: { resource.divergences(observed, upstream: $0) },
                intention: { (change, upstream) throws(Failure) in
                    let intention = try resource.intention(change, upstream: upstream, observed: observed)
                    return Intention(token: intention.token, order: intention.order.json)
                },
                converge: { (change, intent, context) async throws(Failure) in
                    // What is carried out is what was written down, and not what was meant to be.
                    guard let step = Pending<Kind.Order, Kind.Receipt>(intent) else { throw intent.unreadable }
                    return try await resource.converge(change, as: step, observed: observed, in: context).erased
                })
        }
    }
}

extension Reply {
    fileprivate var erased: Reply<JSON> {
        switch self {
        case .done(let evidence, let facts): .done(evidence: evidence, facts: facts)
        case .accepted(let receipt): .accepted(receipt.json)
        case .refused(let failure, let facts): .refused(failure, facts: facts)
        }
    }
}

extension Intent {
    func isAbout(_ resource: AnyResource, in environment: String) -> Bool {
        isAbout(resource.names, resource.subject, isShared: resource.isShared, in: environment)
    }
}
