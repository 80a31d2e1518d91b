import Base
import JSON
import Synchronization

/// Replaces `${env:NAME}`, `${var:NAME}`, `${ssm:NAME}` and `${tfstate:ADDRESS}` in a string, each but `var` also with a
/// `:-default`; `$${` means a literal `${`.
///
/// Any other `${` is literal: a command may well hold shell. What has to be looked up is looked up by others: without it a text
/// has no value, and what it needs is noted.
public struct Variables: Sendable {
    private let environment: [String: String]
    private let variables: [String: String]
    private let allowed: Set<String>
    /// nil before anything was looked up.
    private var found: LookedUp? = LookedUp()
    /// Whether what has to be looked up is refused.
    private var isLocal = false
    /// Whether the manifest names a Terraform state.
    private var namesState = false
    /// What texts were given for, by `kind:NAME`.
    private var used = Used()

    private final class Used: Sendable {
        private struct State {
            var values: [String: String] = [:]
            var needed: [NeededValue] = []
            var isIncomplete = false
        }
        private let state = Mutex(State())

        var values: [String: String] { state.withLock(\.values) }
        var needed: [NeededValue] { state.withLock(\.needed) }
        var isIncomplete: Bool { state.withLock(\.isIncomplete) }
        func note(_ name: String, _ value: String) { state.withLock { $0.values[name] = value } }
        func leave(_ values: [NeededValue]) {
            state.withLock {
                $0.needed += values
                $0.isIncomplete = true
            }
        }
    }

    /// The values that texts were given so far, by `env:NAME`, `var:NAME`, `ssm:NAME` and `tfstate:ADDRESS`.
    var usedValues: [String: String] { used.values }
    /// What has to be looked up for texts that have no value yet, in their order.
    var needed: [NeededValue] { used.needed }
    /// Whether a text was left without a value although nothing is wrong with it.
    var isIncomplete: Bool { used.isIncomplete }

    /// The same variables, of which none was used yet.
    var unused: Variables {
        var copy = self
        copy.used = Used()
        return copy
    }

    /// The same variables, of which none was used yet, with what was looked up.
    ///
    /// - Parameters:
    ///   - found: nil before anything was looked up.
    ///   - namesState: whether the manifest names a Terraform state.
    func unused(_ found: LookedUp?, namesState: Bool) -> Variables {
        var copy = unused
        (copy.found, copy.namesState) = (found, namesState)
        return copy
    }

    /// The same variables for keys that must be known before anything is looked up.
    var local: Variables {
        var copy = self
        copy.isLocal = true
        return copy
    }

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
        /// What has to be looked up first.
        var pending: [Lookup] = []
        /// Whether nothing is to be reported: it is pending, or was reported once for all.
        var isSilent = false
    }

    static func mayHoldVariables(_ text: String) -> Bool { text.contains("${") }

    /// Whether a text names a variable that has no value here. That is so before and after something was looked up.
    func isUnresolved(_ node: Node) -> Bool {
        guard case .string(let text) = node.content else { return false }
        do { _ = try unused(nil, namesState: namesState).resolve(text) } catch { return error.isMissing }
        return false
    }

    /// Whether a text has no value before something was looked up.
    func isPending(_ node: Node) -> Bool {
        guard case .string(let text) = node.content else { return false }
        do { _ = try unused.resolve(text) } catch { return error.isSilent }
        return false
    }

    func resolve(_ text: String) throws(Unresolved) -> String {
        guard Self.mayHoldVariables(text) else { return text }
        var out = ""
        var pending: [Lookup] = []
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
            if let lookup = Lookup.Kind(rawValue: kind) {
                out += try value(lookup, expression, &pending)
            } else {
                out += try value(kind, expression)
            }
            rest = body[body.index(after: close)...]
        }
        guard pending.isEmpty else { throw Unresolved(message: "", hint: "", pending: pending, isSilent: true) }
        return out + rest
    }

    /// The text with its variables replaced; nil where they cannot be, which is reported.
    func resolve(_ text: String, at offset: Int, _ problems: Problems) -> String? {
        do { return try resolve(text) } catch {
            guard !error.isSilent else {
                let place = problems.source.place(of: offset)
                used.leave(error.pending.map { NeededValue(lookup: $0, place: place) })
                return nil
            }
            problems.add(at: offset, error.message, hint: error.hint)
            return nil
        }
    }

    private static let kinds = ["env", "var"] + Lookup.Kind.allCases.map(\.rawValue)

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
            guard !GuardedName.isGuarded(name) || allowed.contains(name) else {
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
        default:
            if let value = variables[expression] { return use(value, "var:\(expression)") }
            try check(expression, "${var:NAME}, which takes no default")
            let near = NearestKey.of(expression, among: variables.keys.sorted())
            throw Unresolved(
                message: "the variable \(Self.shown(expression)) has no value",
                hint: near.map { "did you mean \($0)?" } ?? "pass --var \(Self.shown(expression))=VALUE",
                isMissing: true)
        }
    }

    /// What was looked up; an empty text for what has yet to be, which is noted.
    private func value(
        _ kind: Lookup.Kind, _ expression: String, _ pending: inout [Lookup]
    ) throws(Unresolved) -> String {
        let parts = expression.firstRange(of: ":-")
        let lookup = Lookup(kind, parts.map { String(expression[..<$0.lowerBound]) } ?? expression)
        guard lookup.isWellWritten else {
            let name = kind == .parameter ? "a parameter's name" : "an address in a Terraform state"
            throw Unresolved(
                message: "\(quoted(lookup.name)) is not \(name)",
                hint: kind == .parameter
                    ? "write ${ssm:/path/name} or ${ssm:/path/name:-default}"
                    : "write ${tfstate:output.NAME} or ${tfstate:TYPE.NAME.ATTRIBUTE}")
        }
        guard !isLocal else {
            throw Unresolved(
                message: "\(lookup.expression) cannot be used for this key, which is read before AWS is asked",
                hint: "write the value, or pass it with --var NAME=VALUE and write ${var:NAME}")
        }
        guard kind != .state || namesState else {
            throw Unresolved(
                message: "\(lookup.expression) needs the key sources.tfstate",
                hint: "name the state: \"sources\": { \"tfstate\": \"s3://BUCKET/KEY\" }")
        }
        guard let found else {
            pending.append(lookup)
            return ""
        }
        switch found.answer(to: lookup) {
        case .value(let text): return use(text, lookup.key)
        case .absent(let message, let word, let near):
            if let parts { return use(String(expression[parts.upperBound...]), lookup.key) }
            throw Unresolved(
                message: message,
                hint: NearestKey.hint(word, among: near)
                    ?? "check the name, or give a default: ${\(lookup.key):-default}")
        case .refused(let message, let hint): throw Unresolved(message: message, hint: hint)
        case .reported: throw Unresolved(message: "", hint: "", isSilent: true)
        case nil:
            throw Unresolved(
                message: "\(lookup.expression) is not looked up here",
                hint: "pass the value with --var NAME=VALUE and write ${var:NAME}")
        }
    }
}
