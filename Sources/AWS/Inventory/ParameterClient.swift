import JSON

/// The SSM Parameter Store, asked for plain values. Nothing is decrypted.
public struct ParameterClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    public enum Value: Sendable, Equatable {
        case text(String)
        case list
        /// A SecureString: what it holds is not read.
        case secret
    }

    /// How many names one call takes. (AWS Systems Manager API Reference, GetParameters.)
    public static let most = 10

    /// - Parameter names: at most ``most``, each once.
    /// - Returns: the values of those that exist.
    public func values(of names: [String]) async throws(AWSError) -> [String: Value] {
        let answer = try await caller.call(
            .parameters, "GetParameters", ["Names": JSON(names), "WithDecryption": false])
        let reader = AnswerReader(operation: "ssm:GetParameters", secrets: caller.secrets)
        var values: [String: Value] = [:]
        for parameter in try reader.list("Parameters", of: answer) ?? [] {
            let name = try reader.string("Name", of: parameter, "a parameter")
            switch try reader.string("Type", of: parameter, "a parameter") {
            case "String": values[name] = .text(try reader.string("Value", of: parameter, "a parameter"))
            case "StringList": values[name] = .list
            // Whatever else there may be one day is not shown either.
            default: values[name] = .secret
            }
        }
        return values
    }
}
