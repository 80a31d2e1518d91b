import Base
import JSON
import Synchronization

/// Replaces `${env:NAME}`, `${env:NAME:-default}` and `${var:NAME}` in a string; `$${` means a literal `${`.
///
/// Any other `${` is literal: a command may well hold shell.
public struct Variables: Sendable {
    private let environment: [String: String]
    private let variables: [String: String]
    private let allowed: Set<String>
    /// What texts were given for, by `kind:NAME`.
    private let used = Used()

    private final class Used: Sendable {
        private let state = Mutex<[String: String]>([:])

        var values: [String: String] { state.withLock(\.self) }
        func note(_ name: String, _ value: String) { state.withLock { $0[name] = value } }
    }

    /// The values that texts were given so far, by `env:NAME` and `var:NAME`.
    var usedValues: [String: String] { used.values }

    /// The same variables, of which none was used yet.
    var unused: Variables { Variables(environment: environment, variables: variables, allowed: allowed) }

    /// - Parameters:
    ///   - environment: the process's environment.
    ///   - variables: from `--var` and `--var-file`.
    ///   - allowed: names that ``isGuarded(_:)`` and may be read all the same.
    public init(environment: [String: String], variables: [String: String], allowed: Set<String> = []) {
        self.allowed = allowed
        self.environment = environment
        self.variables = variables
    }

    /// What is wrong with a variable, without its value.
    struct Unresolved: Error, Equatable {
        let message: String
        let hint: String
        /// Whether it is well written and has no value here.
        var isMissing = false
    }

    static func mayHoldVariables(_ text: String) -> Bool { text.contains("${") }

    /// Whether a text names a variable that has no value here.
    func isUnresolved(_ node: Node) -> Bool {
        guard case .string(let text) = node.content else { return false }
        do { _ = try unused.resolve(text) } catch { return error.isMissing }
        return false
    }

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
            let expression = String(body[..<close].dropFirst(kind.count + 1))
            guard !Self.mayHoldVariables(expression) else {
                throw Unresolved(
                    message: "a variable is inside the variable that begins with ${\(kind):",
                    hint: "write a text as its default, or close it with }")
            }
            out += try value(kind, expression)
            rest = body[body.index(after: close)...]
        }
        return out + rest
    }

    /// The text with its variables replaced; nil where they cannot be, which is reported.
    func resolve(_ text: String, at offset: Int, _ problems: Problems) -> String? {
        do { return try resolve(text) } catch {
            problems.add(at: offset, error.message, hint: error.hint)
            return nil
        }
    }

    /// Whether its name says that a variable holds a credential. A manifest of a pull request must not read it: what it is
    /// put into may be shown.
    static func isGuarded(_ name: String) -> Bool {
        let name = name.uppercased()
        if ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCOUNT_ID"].contains(name) { return false }
        return ["AWS_", "ACTIONS_"].contains { name.hasPrefix($0) }
            || [
                "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "PGPASS", "_PWD", "CREDENTIAL", "API_KEY",
                "APIKEY",
                "ACCESS_KEY", "JWT",
            ].contains { name.contains($0) }
            || name.firstRange(of: "PRIVATE").map { name[$0.upperBound...].contains("KEY") } == true
    }

    private static let kinds = ["env", "var", "ssm", "tfstate"]

    private static func shown(_ name: String) -> String { String(quoted(name).dropFirst().dropLast()) }

    /// A default that was started another way would else be taken for a part of the name.
    private func check(_ name: String, _ form: String) throws(Unresolved) {
        guard name.isEmpty || name.contains(":") else { return }
        throw Unresolved(message: "\(quoted(name)) is not a variable's name", hint: "write \(form)")
    }

    private func use(_ value: String, _ name: String) -> String {
        used.note(name, value)
        return value
    }

    private func value(_ kind: String, _ expression: String) throws(Unresolved) -> String {
        switch kind {
        case "env":
            let parts = expression.firstRange(of: ":-")
            let name = parts.map { String(expression[..<$0.lowerBound]) } ?? expression
            try check(name, "${env:NAME} or ${env:NAME:-default}")
            guard !Self.isGuarded(name) || allowed.contains(name) else {
                throw Unresolved(
                    message:
                        "the environment variable \(Self.shown(name)) may hold a credential, and a manifest may not "
                        + "read it", hint: "if it may, pass --allow-env \(Self.shown(name))")
            }
            // As in a shell, `:-` also replaces a variable that is set but empty.
            if let value = environment[name], !(value.isEmpty && parts != nil) { return use(value, "env:\(name)") }
            if let parts { return use(String(expression[parts.upperBound...]), "env:\(name)") }
            throw Unresolved(
                message: "the environment variable \(Self.shown(name)) is not set",
                hint: "set it, or give a default: ${env:\(Self.shown(name)):-default}", isMissing: true)
        case "var":
            if let value = variables[expression] { return use(value, "var:\(expression)") }
            try check(expression, "${var:NAME}, which takes no default")
            let near = NearestKey.of(expression, among: variables.keys.sorted())
            throw Unresolved(
                message: "the variable \(Self.shown(expression)) has no value",
                hint: near.map { "did you mean \($0)?" } ?? "pass --var \(Self.shown(expression))=VALUE",
                isMissing: true)
        default:
            throw Unresolved(
                message: "${\(kind):…} is not supported by this version",
                hint: "pass the value with --var NAME=VALUE and write ${var:NAME}")
        }
    }
}
