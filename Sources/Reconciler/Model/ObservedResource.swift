import Base
import JSON
import Ledger

/// What was seen of a resource, with the verbs that go on from it. Its kind is forgotten.
struct ObservedResource: Sendable {
    let output: AnyOutput?
    let settlement: Settlement?
    let adopted: [Fact]
    let diff: @Sendable (Outputs) -> Change
    let divergences: @Sendable (Outputs) -> [Divergence]
    let intention: @Sendable (Change, Outputs) throws(Failure) -> Intention<JSON>
    let converge: @Sendable (Change, Intent, Context) async throws(Failure) -> Reply<JSON>

    /// Whether the look has brought a step's good end.
    var hasSucceeded: Bool { if case .succeeded = settlement { true } else { false } }

    /// What is not known blocks, whatever else was seen: nothing is planned on a guess.
    var cautious: ObservedResource {
        guard case .indeterminate(let failure) = settlement else { return self }
        return ObservedResource(
            output: output, settlement: settlement, adopted: adopted, diff: { _ in .blocked(failure) },
            divergences: { _ in [Divergence(.world, failure.summary)] }, intention: intention, converge: converge)
    }
}

extension Resource {
    /// Looks at it, with the intent whose end is not known.
    func look(pending: Intent?, upstream: Outputs, in context: Context) async throws(Failure) -> ObservedResource {
        let step = pending.flatMap(Step.init)
        let result: Seen
        if let pending, step == nil {
            result = Seen(
                .indeterminate("its open step cannot be read"), settlement: .indeterminate(pending.unreadable))
        } else {
            result = try await observe(pending: step, upstream: upstream, in: context)
        }
        let observed = result.observation
        return ObservedResource(
            output: result.output.map { AnyOutput($0) }, settlement: result.settlement, adopted: result.adopted,
            diff: { diff(observed, upstream: $0) }, divergences: { divergences(observed, upstream: $0) },
            intention: { (change, upstream) throws(Failure) in
                try intention(change, upstream: upstream, observed: observed).erased
            },
            converge: { (change, intent, context) async throws(Failure) in
                // What is carried out is what was written down, and not what was meant to be.
                try await converge(change, as: try read(intent), observed: observed, in: context).erased
            })
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
