import Base
import Manifest
import Resources

/// What `import` says next to its manifests: what is left out and what to do next.
struct ImportText {
    let cluster: String
    let manifests: [ImportedManifest]
    let refused: [Failure]

    func render(_ style: Style) -> TerminalText {
        var text: TerminalText = ""
        for manifest in manifests { text += about(manifest, style) }
        for failure in refused {
            text += "\(style.yellow("left out:")) \(failure.summary)\n"
            for line in failure.cause { text += "  \(line)\n" }
            text += "  \(style.cyan("next:")) \(FailureText.hint(failure.hint))\n"
        }
        let names = manifests.flatMap(\.group.names).joined(separator: ", ")
        text += """

            Terraform must not move these services back. In the aws_ecs_service of \(names):

                lifecycle {
                  ignore_changes = [task_definition, desired_count]
                }

            """
        for manifest in manifests { text += next(manifest, style) }
        return text
    }

    private func about(_ manifest: ImportedManifest, _ style: Style) -> TerminalText {
        let names = manifest.group.names.joined(separator: ", ")
        var text: TerminalText = "\(style.bold("\(manifest.draft.environment)")): \(names)\n"
        if manifest.group.keepsTag {
            text +=
                "  note: the services run by tag, and \"pin\": false keeps that; without it, the next apply registers "
            text += "the digest of the tag\n"
        }
        for remark in manifest.group.remarks { text += "  note: \(remark)\n" }
        if manifest.changes.isEmpty {
            text += "  the next plan changes nothing\(manifest.draft.schema == nil ? "" : " but the schema")\n"
        } else {
            text += "  \(style.yellow("the next plan is not empty:"))\n"
            for step in manifest.changes {
                text += "    \(step.resource)  \(step.change.action.rawValue)  \(step.change.reason)\n"
            }
        }
        return text
    }

    private func next(_ manifest: ImportedManifest, _ style: Style) -> TerminalText {
        let name = ShellWord.quoted(manifest.name)
        let options = CommandHint(manifest: manifest.name).words(of: "plan", except: ["--schema-version", "--region"])
            .map { " " + ShellWord.quoted($0) }.joined()
        var text: TerminalText = ""
        if let schema = manifest.draft.schema {
            let version = ShellWord.quoted(schema.version ?? manifest.group.identity)
            text += """

                Before the first apply, declare the version that the database has today, unless the migration may run again:

                    reconcile resolve \(name) schema/\(schema.database) --at \(version) --reason 'imported'\(options)

                """
        } else {
            text += """

                \(manifest.name) has no database. If its releases migrate one, add to it

                    "schema": { "database": "NAME", "version": "VERSION", "migrate": { "command": ["db-migrate"] } }

                and, before the first apply, declare the version that the database has today:

                    reconcile resolve \(name) schema/NAME --at VERSION --reason 'imported'\(options)

                """
        }
        if manifest.path == nil { text += "\nSave the manifest as \(manifest.name).\n" }
        return text + "\(style.cyan("next:")) reconcile plan \(name)\(options)\n"
    }
}
