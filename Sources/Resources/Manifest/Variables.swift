/// Replaces `${env:NAME}`, `${env:NAME:-default}` and `${var:NAME}` in a string; `$${` stands for a literal `${`.
///
/// Any other `${` is literal: a command may well hold shell.
public struct Variables: Sendable {
    private let environment: [String: String]
    private let variables: [String: String]

    /// - Parameters:
    ///   - environment: the process's environment.
    ///   - variables: from `--var` and `--var-file`.
    public init(environment: [String: String], variables: [String: String]) {
        self.environment = environment
        self.variables = variables
    }

    /// What is wrong with a variable, told without its value.
    struct Unresolved: Error, Equatable {
        let message: String
        let hint: String
    }

    static func mayHoldVariables(_ text: String) -> Bool { text.contains("${") }

    func resolve(_ text: String) throws(Unresolved) -> String {
        guard Self.mayHoldVariables(text) else { return text }
        var out = ""
        var rest = text[...]
        while let dollar = rest.firstRange(of: "${") {
            let before = rest[..<dollar.lowerBound]
            if before.hasSuffix("$") {
                out += before.dropLast() + "${"
                rest = rest[dollar.upperBound...]
                continue
            }
            out += before
            let body = rest[dollar.upperBound...]
            guard let kind = Self.kinds.first(where: { body.hasPrefix($0 + ":") }) else {
                out += "${"
                rest = body
                continue
            }
            guard let close = body.firstIndex(of: "}") else {
                throw Unresolved(
                    message: "the variable that begins with ${\(kind): is not closed", hint: "close it with }")
            }
            out += try value(kind, String(body[..<close].dropFirst(kind.count + 1)))
            rest = body[body.index(after: close)...]
        }
        return out + rest
    }

    private static let kinds = ["env", "var", "ssm", "tfstate"]

    private func value(_ kind: String, _ expression: String) throws(Unresolved) -> String {
        switch kind {
        case "env":
            let parts = expression.firstRange(of: ":-")
            let name = parts.map { String(expression[..<$0.lowerBound]) } ?? expression
            // As in a shell, `:-` also stands in for a variable that is set but empty.
            if let value = environment[name], !(value.isEmpty && parts != nil) { return value }
            if let parts { return String(expression[parts.upperBound...]) }
            throw Unresolved(
                message: "the environment variable \(name) is not set",
                hint: "set it, or give a default: ${env:\(name):-default}")
        case "var":
            if let value = variables[expression] { return value }
            let near = NearestKey.of(expression, among: variables.keys.sorted())
            throw Unresolved(
                message: "the variable \(expression) has no value",
                hint: near.map { "did you mean \($0)?" } ?? "pass --var \(expression)=VALUE")
        default:
            throw Unresolved(
                message: "${\(kind):…} is not supported by this version",
                hint: "pass the value with --var NAME=VALUE and write ${var:NAME}")
        }
    }
}
