import Foundation
import JSON
import Support
import Testing
import YAML

/// As much of GitHub's runner as the project's own files need: the steps of a job one after another, `${{ }}` in `env` and
/// `with`, outputs, PATH, and the conditions that these files have. The action itself is run; other actions are skipped.
final class GitHubRunner {
    let fakes: Fakes
    let folder: String
    /// What `${{ NAME }}` means.
    var context: [String: String]
    /// Of the sandbox.
    var environment: [String: String]
    private(set) var steps: [Outcome] = []
    private(set) var hasFailed = false
    private var path: [String] = []
    private var temporary: String

    private static let ignored = [
        "actions/checkout@", "actions/upload-artifact@", "actions/download-artifact@",
        "actions/attest-build-provenance@",
    ]

    init(in folder: String, environment: [String: String] = [:]) throws {
        fakes = try Fakes()
        temporary = try Scratch.folder("runner")
        self.folder = folder
        self.environment = environment
        context = [
            "github.sha": "v1", "github.run_number": "7", "github.token": "token", "github.repository": "acme/checkout",
            "github.server_url": "https://github.example", "github.run_id": "42",
            "github.action_repository": "a/reconcile",
        ]
    }

    static func read(_ path: String) throws -> JSON {
        try Node.parse(yaml: Array(try Data(contentsOf: URL(fileURLWithPath: Project.root + "/" + path)))).json
    }

    /// Runs a job of a workflow.
    func run(_ workflow: String, job: String) async throws {
        let steps = try #require(try Self.read(workflow)["jobs"]?[job]?["steps"]?.elements)
        try await run(steps, scope: "")
    }

    /// Runs the action with these inputs.
    ///
    /// - Returns: its outputs.
    @discardableResult
    func use(_ inputs: [String: String]) async throws -> [String: String] {
        let action = try Self.read("action.yml")
        let outer = context
        defer { context = outer }
        let declared = action["inputs"]?.object?.members ?? []
        #expect(Set(inputs.keys).isSubset(of: declared.map(\.key)), "an input that the action does not have")
        for input in declared { context["inputs." + input.key] = inputs[input.key] ?? input.value["default"]?.string }
        try await run(action["runs"]?["steps"]?.elements ?? [], scope: Project.root)
        return try (action["outputs"]?.object?.members ?? []).reduce(into: [:]) { outputs, output in
            outputs[output.key] = try evaluated(output.value["value"]?.string ?? "")
        }
    }

    private func run(_ all: [JSON], scope actionPath: String) async throws {
        for step in all where try holds(step["if"]?.string ?? "") {
            if let name = step["uses"]?.string {
                if Self.ignored.contains(where: name.hasPrefix) { continue }
                try #require(name == "OWNER/reconcile@v0.1.0")
                let inputs = try (step["with"]?.object?.members ?? []).map { ($0.key, try text($0.value)) }
                keep(try await use(Dictionary(uniqueKeysWithValues: inputs)), of: step["id"]?.string)
            } else {
                keep(try await shell(step, actionPath), of: step["id"]?.string)
            }
        }
    }

    private func keep(_ outputs: [String: String], of id: String?) {
        guard let id else { return }
        for (name, value) in outputs { context["steps.\(id).outputs.\(name)"] = value }
    }

    /// Runs a step's script as GitHub does, and tells its outputs.
    private func shell(_ step: JSON, _ actionPath: String) async throws -> [String: String] {
        let script = try #require(step["run"]?.string)
        #expect(!script.contains("${{"), "an expression in a script is an injection")
        let files = try Scratch.folder("step")
        try Scratch.write(script, to: files + "/script")
        for name in ["output", "path"] { try Scratch.write("", to: "\(files)/\(name)") }
        var variables = environment
        variables.merge(
            [
                "GITHUB_OUTPUT": files + "/output", "GITHUB_PATH": files + "/path", "GITHUB_ACTION_PATH": actionPath,
                "GITHUB_REPOSITORY": "acme/checkout", "GITHUB_REF_NAME": "main", "GITHUB_RUN_ID": "42",
                "RUNNER_TEMP": temporary, "RUNNER_OS": "Linux",
                "PATH": (path + [fakes.path]).joined(separator: ":"),
            ]
        ) { $1 }
        if variables["RUNNER_ARCH"] == nil { variables["RUNNER_ARCH"] = "X64" }
        for variable in step["env"]?.object?.members ?? [] {
            variables[variable.key] = try text(variable.value)
        }
        let options = step["shell"]?.string == "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"]
        let outcome = try await Outcome.of("bash", options + [files + "/script"], environment: variables, in: folder)
        steps.append(outcome)
        if outcome.exit != 0 { hasFailed = true }
        path = try lines(files + "/path") + path
        return try lines(files + "/output").reduce(into: [:]) { outputs, line in
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            outputs[pair[0]] = pair[1]
        }
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func text(_ value: JSON) throws -> String { try evaluated(value.string ?? value.compact) }

    /// A text with the values of its expressions: names, or alternatives of names.
    private func evaluated(_ text: String) throws -> String {
        try text.replacing(#/\$\{\{ (.*?) \}\}/#) { match in
            let names = match.1.split(separator: " || ").map(String.init)
            return try names.map(value).first { !$0.isEmpty } ?? ""
        }
    }

    private func value(_ name: String) throws -> String {
        // An output of a step that did not run is empty.
        if name.hasPrefix("steps.") { return context[name] ?? "" }
        return try #require(context[name], "no value for \(name)")
    }

    /// Terms such as `always()` and `NAME != ''`, joined by `&&`.
    private func holds(_ condition: String) throws -> Bool {
        let terms = condition.split(separator: " && ").map(String.init)
        if hasFailed, !terms.contains("always()") { return false }
        return try terms.filter { $0 != "always()" }.allSatisfy { term in
            let name = try #require(term.wholeMatch(of: #/(\S+) != ''/#)?.1, "\(term) is not understood")
            return try !value(String(name)).isEmpty
        }
    }
}
