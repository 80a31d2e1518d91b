/// What was found of a resource. There is no fourth case: what is not known for certain is ``indeterminate``, and nothing
/// is ever concluded from it.
public enum Observation<Value: Sendable & Equatable>: Sendable, Equatable {
    case absent
    case present(Value)
    /// Why it could not be told.
    case indeterminate(String)
}
