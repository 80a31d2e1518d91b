import ArgumentParser
import Manifest

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of a manifest, for editors.",
        discussion: """
            With it an editor completes the keys of a manifest, explains them, and marks mistakes. Calls nothing.

            reconcile schema > manifest.schema.json

            Then name the file in the manifest: "$schema": "manifest.schema.json".
            """)

    func run() { Terminal.write(TerminalText(lines: ManifestSchema.text), to: .out) }
}
