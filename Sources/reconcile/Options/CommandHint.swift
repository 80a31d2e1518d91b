import Reconciler
import Resources

/// Fills the commands in hints from this invocation, so that they can be copied and run as they are.
///
/// A hint is made where nothing is known of the command line: it says `reconcile resolve MANIFEST …`.
struct CommandHint: Sendable {
    /// The manifest and the options that another command on it needs, as one would type them.
    private let arguments: String

    private static let verdicts = "--succeeded|--failed|--rerun"

    init(manifest: String, _ options: CommonOptions) {
        arguments = ([manifest] + Self.words(options)).map(Self.quoted).joined(separator: " ")
    }

    func fill(_ failure: Failure) -> Failure {
        let hint = fill(failure.hint)
        if hint == failure.hint { return failure }
        return Failure(
            failure.code, failure.summary, of: failure.resource, hint: hint, cause: failure.cause,
            problems: failure.problems, effect: failure.effect, isTransient: failure.isTransient)
    }

    func fill(_ plan: Plan) -> Plan {
        Plan(
            steps: plan.steps.map { step in
                var change = step.change
                change.failure = change.failure.map(fill)
                return Plan.Step(resource: step.resource, change: change, heldBy: step.heldBy)
            })
    }

    /// A command that has choices becomes a line for each.
    private func fill(_ hint: String) -> String {
        hint.replacing(#/ ?reconcile ([a-z]+) MANIFEST([^;\n]*)/#) { match in
            let (_, name, rest) = match.output
            let end = rest.replacing("--reason TEXT", with: "--reason 'what was found'")
            let command = "reconcile \(name) \(arguments)\(end)"
            guard command.contains(Self.verdicts) else { return " \(command)" }
            return Self.verdicts.split(separator: "|").map { "\n" + command.replacing(Self.verdicts, with: $0) }
                .joined()
        }
    }

    /// The options that choose where a command looks, and at what.
    static func words(_ options: CommonOptions) -> [String] {
        var words: [String] = []
        func add(_ option: String, _ value: String?) {
            if let value { words += [option, value] }
        }
        add("--image-tag", options.imageTag)
        add("--image-digest", options.imageDigest)
        add("--schema-version", options.schemaVersion)
        add("--region", options.region)
        // Their values may be secrets.
        for variable in options.variables { add("--var", "\(variable.prefix { $0 != "=" })=VALUE") }
        for file in options.varFile { add("--var-file", file) }
        for name in options.allowEnv { add("--allow-env", name) }
        add("--ledger", options.ledger)
        add("--profile", options.profile)
        add("--endpoint-url", options.endpointURL)
        add("--sandbox", options.sandbox)
        return words
    }

    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`;&|<>(){}*?[]#~!".utf8.contains($0) }
        return isPlain && !word.isEmpty ? word : "'" + word.replacingScalars { $0 == "'" ? "'\\''" : nil } + "'"
    }
}
