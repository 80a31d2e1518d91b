import Foundation
import JSON
import Support

/// What the built program says of its own commands.
struct CommandReference: Sendable {
    struct Command: Sendable {
        /// Without the program's name, such as `ledger verify`.
        let name: String
        let abstract: String
        /// The names of its values, in their order.
        let values: [String]
        let options: [Option]

        func has(_ option: String) -> Bool { options.contains { $0.names.contains(option) } }
    }

    struct Option: Sendable {
        /// As they are typed, the long one first.
        let names: [String]
        /// nil for a flag.
        let value: String?
        let abstract: String
    }

    let commands: [Command]

    static func ofProgram() async throws -> CommandReference {
        let dump = try await Outcome.of(Project.reconcile, ["--experimental-dump-help"])
        let root = try JSON.parse(dump.out)["command"] ?? [:]
        return CommandReference(commands: all(root, []).filter { $0.name != "help" && !$0.name.isEmpty })
    }

    private static func all(_ command: JSON, _ words: [String]) -> [Command] {
        let below = command["subcommands"]?.elements ?? []
        let arguments = command["arguments"]?.elements ?? []
        let own = Command(
            name: words.joined(separator: " "), abstract: command["abstract"]?.string ?? "",
            values: arguments.filter { $0["kind"] == "positional" }.compactMap { $0["valueName"]?.string },
            options: arguments.compactMap(option))
        return (below.isEmpty ? [own] : [])
            + below.flatMap { all($0, words + [$0["commandName"]?.string ?? ""]) }
    }

    private static func option(_ argument: JSON) -> Option? {
        let names = (argument["names"]?.elements ?? []).map { name in
            (name["kind"] == "long" ? "--" : "-") + (name["name"]?.string ?? "")
        }
        guard argument["kind"] != "positional", !names.isEmpty else { return nil }
        return Option(
            names: names.sorted { $0.hasPrefix("--") && !$1.hasPrefix("--") },
            value: argument["kind"] == "option" ? argument["valueName"]?.string : nil,
            abstract: argument["abstract"]?.string ?? "")
    }

    /// `docs/reference.md`.
    var page: String {
        commands.map { command in
            let values = command.values.map { " " + $0.uppercased() }.joined()
            let own = command.options.filter { !["--help", "--version"].contains($0.names[0]) }
            let rows = own.map { option in
                let names = option.names.map { "`\($0)\(option.value.map { " " + $0.uppercased() } ?? "")`" }
                return
                    "| \(names.joined(separator: ", ").replacing("|", with: "\\|")) | \(option.abstract.replacing("|", with: "\\|")) |\n"
            }
            let table = rows.isEmpty ? "" : "\n| option | means |\n|---|---|\n" + rows.joined()
            return "\n## \(command.name)\n\n    reconcile \(command.name)\(values)\n\n\(command.abstract)\n\(table)"
        }.joined()
    }
}
