import Base
import Manifest
import Reconciler
import Resources

/// What `import` says next to its manifests: what is left out and what to do next.
struct ImportText {
    let manifests: [ImportedManifest]
    let refused: [Failure]
    /// What a command on all of the manifests names.
    let target: String
    let style: Style

    var text: TerminalText {
        var text = manifests.map(about).joined()
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
        for part in manifests.count == 1 ? [database(of: manifests[0])] : [advice] where !part.isEmpty {
            text += part + "\n"
        }
        if let made = manifests.first, made.path == nil { text += "Save the manifest as \(made.name).\n" }
        return text + "\(style.cyan("next:")) reconcile plan \(ShellWord.quoted(target))\(options)\n"
    }

    private func about(_ manifest: ImportedManifest) -> TerminalText {
        let names = manifest.group.names.joined(separator: ", ")
        let path = manifest.path.map { " in \($0)" } ?? ""
        var text: TerminalText = "\(style.bold("\(manifest.draft.environment)")): \(names)\(path)\n"
        if manifest.group.keepsTag {
            text +=
                "  note: the services run by tag, and \"pin\": false keeps that; without it, the next apply registers "
            text += "the digest of the tag\n"
        }
        for remark in manifest.group.notes + manifest.group.remarks { text += "  note: \(remark)\n" }
        if manifest.changes.isEmpty {
            return text + "  the next plan changes nothing\(manifest.migrates ? " but the schema" : "")\n"
        }
        let isUnderWay = manifest.changes.allSatisfy { $0.change.patience != nil }
        let verdict: TerminalText =
            isUnderWay ? "the next plan waits for what is under way:" : "the next plan is not empty:"
        text += "  \(style.yellow(verdict))\n"
        for step in manifest.changes {
            text += "    \(step.resource)  \(step.change.action.rawValue)  \(step.change.reason)\n"
        }
        return text
    }

    /// How the first apply learns which version the database has; empty where it knows.
    private func database(of made: ImportedManifest) -> TerminalText {
        guard let schema = made.draft.schema else {
            guard let mark = made.group.marks(cluster: made.draft.cluster).first else { return advice }
            return """
                What runs is marked: database \(mark.database) is at schema \(mark.version). To have it in the manifest, import again with

                    --database \(mark.database) --schema-version \(mark.version)

                """
        }
        if !made.migrates { return "" }
        guard let version = schema.version ?? made.group.digest else {
            return """
                The first apply runs the migration once: frameworks skip what was applied before. To prevent that, import again with
                the version that the database has today:

                    --schema-version VERSION

                """
        }
        return """
            Declare the version that the database has today, before the first apply. Otherwise its migration runs:

                reconcile resolve \(ShellWord.quoted(made.name)) schema/\(schema.database) --at \(ShellWord.quoted(version)) \
            --reason 'imported'\(options)

            """
    }

    /// How a database comes into a manifest.
    private var advice: TerminalText {
        let name = manifests.count == 1 ? ShellWord.quoted(manifests[0].name) : "FILE"
        return """
            No database is named. If releases migrate one, add it to the manifest:

                "schema": { "database": "NAME", "version": "VERSION", "migrate": { "command": ["db-migrate"] } }

            Then declare the version that the database has today, before the first apply:

                reconcile resolve \(name) schema/NAME --at VERSION --reason 'imported'\(options)

            """
    }

    /// Those of this command that a command on its manifests needs.
    private var options: String {
        CommandHint().words(of: "plan", except: ["--schema-version", "--region"])
            .map { " " + ShellWord.quoted($0) }.joined()
    }
}
