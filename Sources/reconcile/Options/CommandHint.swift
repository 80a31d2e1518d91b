import Base
import Manifest
import Reconciler
import Resources

/// Makes the commands in hints such that they can be copied and run as they are, each on a line of its own.
///
/// A hint is written where nothing is known of the command line: it says `…: reconcile resolve MANIFEST schema/main …; or run
/// the same command again`.
struct CommandHint: Sendable {
    /// What the commands are about, as one would type it; nil if that is not known.
    private let manifests: String?
    private let typed: TypedCommand
    /// Options that a plan's file brings along.
    private let overrides: Overrides
    /// The command that "the same command" means, if it is not the one that was typed.
    private let past: String?

    private static let verdicts = "--succeeded|--failed|--rerun"
    /// The options that choose where a command looks, and at what.
    private static let options = [
        "--image-tag", "--image-digest", "--schema-version", "--region", "--var", "--var-file", "--allow-env",
        "--ledger", "--profile", "--role-arn", "--role-session-name", "--account", "--endpoint-url", "--sandbox",
    ]
    /// All of `run` that take a value.
    static let ofRun =
        options + ["--environment", "--task-role", "--timeout", "--lock-timeout", "--output"]
    /// Of the commands that only read a ledger.
    private static let few = [
        "history": ["--var", "--var-file", "--allow-env", "--ledger"], "ledger verify": ["--ledger"],
        "ledger export": ["--ledger"],
    ]

    /// - Parameters:
    ///   - manifest: the one that a failure is about; nil for all that were named.
    ///   - overrides: what the named plan was made with.
    ///   - past: the command of an earlier run that the hints are about.
    init(
        manifest: String? = nil, typed: TypedCommand = .current, overrides: Overrides = Overrides(),
        past: String? = nil
    ) {
        let named = manifest.map { [$0] } ?? typed.operands
        manifests = named.isEmpty ? nil : ShellWord.line(named)
        self.typed = typed
        self.overrides = overrides
        self.past = past
    }

    // MARK: - Filling

    /// To fill twice changes nothing.
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
                if case .blocked(let failure) = change.need { change.need = .blocked(fill(failure)) }
                change.notes = change.notes.map(inline)
                return Plan.Step(resource: step.resource, change: change, heldBy: step.heldBy)
            })
    }

    func fill(_ event: Event) -> Event {
        guard case .planned(let environment, let plan) = event else { return event }
        return .planned(environment, fill(plan))
    }

    /// A note stays one line.
    private func inline(_ note: String) -> String {
        note.replacing(Self.pattern) { match in
            match.output.name == nil ? String(match.output.0) : ": " + command(match.output).joined(separator: ", or ")
        }
    }

    /// The sentence, then each command to choose from on a line of its own, in the order in which they are spoken of.
    func fill(_ hint: String) -> String {
        var lines: [String] = []
        let text = hint.replacing(Self.pattern) { match in
            if match.output.name == nil {
                lines += again(isLonger: hint.contains("longer --timeout")).map { [$0] } ?? []
                return String(match.output.0)
            }
            lines += command(match.output)
            // The colon before a command goes with it if the sentence goes on.
            return match.range.upperBound == hint.endIndex ? ":" : ""
        }
        // What stands below the sentence already comes after what the sentence speaks of.
        let known = text.split(separator: "\n").map(String.init)
        let new = lines.filter { !known.contains($0) }
        return (known.prefix(1) + new + known.dropFirst()).joined(separator: "\n")
    }

    /// The same for advice that goes on after the command: `reconcile plan MANIFEST shows …`.
    func fill(advice: String) -> String {
        advice.replacing(#/reconcile ([a-z]+) MANIFEST/#) { match in
            let rest = advice[match.range.upperBound...].prefix { $0 != ";" }
            let left = rest.contains("--image-tag") ? ["--image-tag", "--image-digest"] : []
            let options = words(of: String(match.output.1), except: left).map(ShellWord.quoted)
            return (["reconcile", String(match.output.1), manifests ?? "MANIFEST"] + options).joined(separator: " ")
        }
    }

    private typealias Match = (Substring, name: Substring?, end: Substring?)

    private static var pattern: Regex<Match> {
        #/:? ?reconcile (?<name>(?:ledger )?[a-z]+) MANIFEST(?<end>[^;\n]*)|[Rr]un the same command again/#
    }

    /// A command that has choices becomes a line for each.
    private func command(_ match: Match) -> [String] {
        let name = String(match.name ?? "")
        let end = (match.end ?? "").replacing("--stop --reason TEXT", with: "--stop --reason 'why'")
            .replacing("--reason TEXT", with: "--reason 'what was found'")
        let words = words(of: name, except: end.contains("--image-tag") ? ["--image-tag", "--image-digest"] : [])
        let line =
            (["reconcile \(name) \(manifests ?? "MANIFEST")"] + words.map(ShellWord.quoted))
            .joined(separator: " ") + end
        guard line.contains(Self.verdicts) else { return [line] }
        return Self.verdicts.split(separator: "|").map { line.replacing(Self.verdicts, with: $0) }
    }

    /// The command that was typed.
    private func again(isLonger: Bool) -> String? {
        if let past {
            // What `run` ran is not in the ledger's hint.
            return past == "apply"
                ? (["reconcile apply \(manifests ?? "MANIFEST")"] + words(of: past).map(ShellWord.quoted))
                    .joined(separator: " ") : nil
        }
        guard isLonger, let limit = Deadline.current?.limit else { return typed.text() }
        return typed.text(timeout: "\(min(limit.components.seconds * 2, 24 * 3_600))s")
    }

    // MARK: - Options

    /// The options of this invocation that another command on the same manifests needs.
    ///
    /// - Parameter left: those that the command says otherwise.
    func words(of command: String, except left: [String] = []) -> [String] {
        (Self.few[command] ?? Self.options).filter { !left.contains($0) }.flatMap { option in
            let values = override(option).map { [$0] } ?? typed.values(of: option)
            return values.flatMap { [option, $0] }
        }
    }

    private func override(_ option: String) -> String? {
        switch option {
        case "--image-tag": overrides.imageTag
        case "--image-digest": overrides.imageDigest
        case "--schema-version": overrides.schemaVersion
        case "--region": overrides.region
        default: nil
        }
    }
}
