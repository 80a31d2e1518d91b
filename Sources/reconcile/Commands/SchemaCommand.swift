import ArgumentParser
import Base
import Manifest

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of a manifest, for editors.",
        discussion: """
            With it an editor completes the keys of a manifest, explains them, and marks mistakes. Calls nothing.

            reconcile schema --out manifest.schema.json

            Then name the file in the manifest: "$schema": "manifest.schema.json".
            """)

    @OptionGroup var document: DocumentOptions

    func run() throws {
        do throws(Failure) { try document.write(ManifestSchema.text) } catch { throw LedgerFailures.end(error) }
    }
}
