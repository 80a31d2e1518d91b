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
        "jsonschema": "reconcile schema prints the JSON Schema of a manifest",
    ]

    private static let options = [
        "--dry-run": "reconcile plan MANIFEST shows what apply would do, and changes nothing",
        "--check": "reconcile plan MANIFEST --detailed-exitcode exits 2 if there are changes",
        "--tag": "write --image-tag TAG", "--image": "write --image-tag TAG", "--digest": "write --image-digest DIGEST",
        "--version": "write --schema-version VERSION", "--json": "write --output json",
        "--format": "write --output text, json or markdown",
        "--force": "write --retry-failed to deploy again what ECS rolled back", "--env": "write --var NAME=VALUE",
    ]

    /// - Parameters:
    ///   - arguments: those that could not be parsed, without the program's name.
    ///   - known: the names of all commands.
    static func advice(_ arguments: [String], known: [String]) -> String? {
        guard let first = arguments.first else { return nil }
        if !first.hasPrefix("-"), !known.contains(first), first != "help" {
            if let advice = commands[first.lowercased()] { return advice }
            return NearestKey.of(first, among: known).map { "did you mean reconcile \($0)?" }
                ?? "the commands are: \(known.joined(separator: ", "))"
        }
        for argument in arguments.dropFirst().prefix(while: { $0 != "--" }) {
            if let advice = options[String(argument.prefix { $0 != "=" })] { return advice }
        }
        return nil
    }

    /// Of `reconcile help NAME`, the name of a command that there is not.
    static func unknownTopic(_ arguments: [String], known: [String]) -> String? {
        guard arguments.count > 1, arguments[0] == "help", !known.contains(arguments[1]) else { return nil }
        return arguments[1].hasPrefix("-") ? nil : arguments[1]
    }
}
