/// What the lookups of one manifest found.
public struct LookedUp: Sendable {
    public enum Parameter: Sendable, Equatable {
        case text(String)
        case absent
        /// It is encrypted.
        case secret
        case list
    }

    public enum State: Sendable {
        case read(TerraformState)
        case unusable(String, hint: String)
    }

    /// By name.
    public var parameters: [String: Parameter] = [:]
    /// nil if the manifest takes nothing from one.
    public var state: State?

    public init() {}

    var isEmpty: Bool { parameters.isEmpty && state == nil }

    /// - Returns: nil if it was not looked up.
    func answer(to lookup: Lookup) -> LookupAnswer? {
        switch lookup.kind {
        case .parameter: parameters[lookup.name].map { Self.answer($0, lookup.name) }
        case .state:
            switch state {
            case .read(let state): state.answer(to: lookup.name)
            case .unusable: .reported
            case nil: nil
            }
        }
    }

    private static func answer(_ parameter: Parameter, _ name: String) -> LookupAnswer {
        switch parameter {
        case .text(let text): .value(text)
        case .absent: .absent("the parameter \(name) does not exist", word: "", near: [])
        case .secret:
            .refused(
                "the parameter \(name) is a SecureString, and a manifest cannot hold a secret",
                hint: "give it to the container: \"secrets\": [ { \"name\": \"NAME\", \"valueFrom\": \"\(name)\" } ]")
        case .list:
            .refused(
                "the parameter \(name) is a StringList, which is not supported",
                hint: "store the value in a parameter of type String")
        }
    }
}
