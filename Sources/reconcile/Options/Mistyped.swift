import Manifest
import Resources

/// What to type instead, for commands and options that other tools have.
enum Mistyped {
    private static let commands = [
        "diff": "reconcile plan MANIFEST shows what apply would change; reconcile drift MANIFEST says who moved it",
        "preview": "reconcile plan MANIFEST shows what apply would change",
        "check": "reconcile plan MANIFEST reads the manifest and shows what apply would change",
        "deploy": "reconcile apply MANIFEST --image-tag TAG deploys a release",
        "release": "reconcile apply MANIFEST --image-tag TAG deploys a release",
        "up": "reconcile apply MANIFEST deploys what the manifest says",
        "update": "reconcile apply MANIFEST deploys what the manifest says",
        "sync": "reconcile apply MANIFEST deploys what the manifest says",
        "migrate": "reconcile apply MANIFEST migrates, then moves the services",
        "rollback": "reconcile apply MANIFEST --image-tag OLDER-TAG rolls the code back; see docs/rolling-back.md",
        "undo": "reconcile apply MANIFEST --image-tag OLDER-TAG rolls the code back; see docs/rolling-back.md",
        "version": "reconcile --version",
        "log": "reconcile history MANIFEST shows what was done",
        "logs": "reconcile history MANIFEST shows what was done",
        "exec": "reconcile run MANIFEST -- COMMAND",
        "adopt": "reconcile import --cluster CLUSTER --all writes manifests of what runs",
        "generate": "reconcile import --cluster CLUSTER --all writes manifests of what runs",
        "new": "reconcile init writes a first manifest and a CI workflow",
        "create": "reconcile init writes a first manifest and a CI workflow",
        "validate": "reconcile verify MANIFEST --offline checks the manifest, and calls nothing in AWS",
        "lint": "reconcile verify MANIFEST --offline checks the manifest, and calls nothing in AWS",
        "jsonschema": "reconcile schema prints the JSON Schema of a manifest",
    ]

    private static let options = [
        "--dry-run": "reconcile plan MANIFEST shows what apply would do, and changes nothing",
        "--check": "reconcile plan MANIFEST --detailed-exitcode exits 2 if there are changes",
        "--tag": "write --image-tag TAG", "--image": "write --image-tag TAG", "--digest": "write --image-digest DIGEST",
        "--version": "write --schema-version VERSION", "--json": "write --output json",
        "--format": "write --output text, json or markdown",
        "--force": "write --retry-failed to deploy again what ECS rolled back",
        "--retry": "write --retry-failed to deploy again what ECS rolled back", "--env": "write --var NAME=VALUE",
        "--target": "each command is about a whole manifest: give the service a manifest of its own",
        "--exit-code": "drift exits 2 if there is a difference; for plan, write --detailed-exitcode",
        "--detailed-exitcode": "only plan has it; drift exits 2 if there is a difference",
        "--cluster": "it is in the manifest: write \"cluster\": \"${var:cluster}\" there, and --var cluster=NAME",
    ]

    /// - Parameters:
    ///   - arguments: those that could not be parsed, without the program's name.
    ///   - known: the names of all commands.
    ///   - problem: what the parser says of them.
    static func advice(_ arguments: [String], known: [String], problem: String) -> String? {
        guard let first = arguments.first else { return nil }
        if !first.hasPrefix("-"), !known.contains(first), first != "help" {
            if let advice = commands[first.lowercased()] { return advice }
            return NearestKey.of(first, among: known).map { "did you mean reconcile \($0)?" }
                ?? "the commands are: \(known.joined(separator: ", "))"
        }
        for argument in arguments.dropFirst().prefix(while: { $0 != "--" }) {
            let name = String(argument.prefix { $0 != "=" })
            // Another command may have an option of this name.
            if problem.contains("Unknown option '\(name)"), let advice = options[name] { return advice }
        }
        return first == "run" ? separated(arguments) : nil
    }

    /// The command line of `run` with the `--` that it lacks: its own options come before, all else is the command's.
    private static func separated(_ arguments: [String]) -> String? {
        if arguments.contains("--") { return nil }
        var own: [String] = []
        var operands: [String] = []
        var rest = arguments.dropFirst()
        while let word = rest.popFirst() {
            if TypedCommand.flags.contains(word) {
                own.append(word)
            } else if CommandHint.ofRun.contains(String(word.prefix { $0 != "=" })) {
                own.append(word)
                if !word.contains("="), let value = rest.popFirst() { own.append(value) }
            } else {
                operands.append(word)
            }
        }
        guard operands.count > 1 else { return nil }
        let words = ["run", operands[0]] + own + ["--"] + operands.dropFirst()
        return TypedCommand(words, Machine.environment).text()
    }

    /// Of `reconcile help NAME`, the name of a command that there is not.
    static func unknownTopic(_ arguments: [String], known: [String]) -> String? {
        guard arguments.count > 1, arguments[0] == "help", !known.contains(arguments[1]) else { return nil }
        return arguments[1].hasPrefix("-") ? nil : arguments[1]
    }
}
