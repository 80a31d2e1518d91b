import Base
import JSON
import Ledger

/// One thing kept in its desired state: it is observed, compared with what is wanted, and changed. To recover after a crash,
/// the engine observes it with the intent whose end is not known.
///
/// The engine knows no kinds and a kind knows no engine. Input is an identity, not an event: a resource reads all that it
/// needs, every time, and assumes that what it read last is stale.
public protocol Resource: StepOwner {
    associatedtype Observed: Sendable & Equatable
    /// What it hands downstream once it is in its desired state; `Never` for a kind that nothing depends on.
    associatedtype Output: Sendable & Equatable = Never

    /// The resources that must be in their desired state first.
    var dependencies: [ResourceID] { get }

    /// Reads what the next look will ask for, side by side with what others read ahead. What cannot be read fails where it is
    /// looked at.
    ///
    /// - Parameter upstream: what was known at the last look.
    func readAhead(upstream: Outputs) async

    /// Reads what is. Changes nothing.
    ///
    /// - Parameters:
    ///   - pending: an intent of this resource whose end is not known; what is observed settles it where evidence allows.
    ///   - upstream: outputs of the dependencies, as far as they are known.
    func observe(pending: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen

    /// What the observed state needs. Pure: same arguments, same change.
    func diff(_ observed: Observation<Observed>, upstream: Outputs) -> Change

    /// In what ways the observed state differs from what is wanted, and who moved. Pure. It may see more than
    /// ``diff(_:upstream:)``: also what no apply would change.
    func divergences(_ observed: Observation<Observed>, upstream: Outputs) -> [Divergence]

    /// What the intent for a change says: its token and what it is about, without values of secrets. Pure.
    ///
    /// - Throws: ``Failure`` with code `invariant-broken` for a change that ``diff(_:upstream:)`` does not ask for.
    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<Observed>
    ) throws(Failure) -> Intention<Order>

    /// Makes one mutating call, once, for an intent that is recorded already.
    ///
    /// - Throws: ``Failure`` whose ``Failure/effect`` says whether the call may have had its effect all the same.
    func converge(
        _ change: Change, as step: Step, observed: Observation<Observed>, in context: Context
    ) async throws(Failure) -> Reply<Receipt>
}

extension Resource {
    /// What a look at it brings.
    public typealias Seen = ObservationResult<Observed, Output>

    public func readAhead(upstream: Outputs) async {}

    /// As those name it that depend on it.
    public var dependency: Dependency<Output> { Dependency(id) }

    /// What has to change, as moved by the manifest: for kinds that know no other mover.
    public func divergences(_ observed: Observation<Observed>, upstream: Outputs) -> [Divergence] {
        let change = diff(observed, upstream: upstream)
        return change.isSettled ? [] : [Divergence(.manifest, change.reason, fields: change.fields)]
    }
}

/// What one observation brought.
public struct ObservationResult<Observed: Sendable & Equatable, Output: Sendable & Equatable>: Sendable {
    public let observation: Observation<Observed>
    /// What the resource hands downstream if ``Resource/diff(_:upstream:)`` finds nothing to do; until then what is known of it
    /// (``Outputs/expected(_:)``).
    public let output: Output?
    /// The end of the pending intent, where the evidence tells it.
    public let settlement: Settlement?
    /// Facts that the world shows and the ledger does not hold: a run that writes anything writes them first.
    public let adopted: [Fact]

    public init(
        _ observation: Observation<Observed>, output: Output? = nil, settlement: Settlement? = nil,
        adopted: [Fact] = []
    ) {
        self.observation = observation
        self.output = output
        self.settlement = settlement
        self.adopted = adopted
    }
}

/// What is written down before a mutating call.
public struct Intention<Order: Record>: Sendable, Equatable {
    public let token: String
    public let order: Order

    public init(token: String, order: Order) {
        self.token = token
        self.order = order
    }

    /// The same, its kind forgotten.
    var erased: Intention<JSON> { Intention<JSON>(token: token, order: order.json) }
}

/// What a mutating call brought.
public enum Reply<Receipt: Record>: Sendable, Equatable {
    /// It is done.
    case done(evidence: JSON, facts: [Fact])
    /// The server has taken it; later observations tell how it ends.
    case accepted(Receipt)
    /// The server has taken it and done nothing, and may answer the same to the same token from now on.
    case refused(Failure, facts: [Fact])
}

/// What was found of a resource. There is no fourth case: what is not known for certain is ``indeterminate``, and nothing
/// is ever concluded from it.
public enum Observation<Value: Sendable & Equatable>: Sendable, Equatable {
    case absent
    case present(Value)
    /// Why it is not known.
    case indeterminate(String)
}
