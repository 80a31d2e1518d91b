import Base
import Glibc
import JSON
import Manifest
import Reconciler
import Resources

/// What GitHub Actions understands: annotations, groups, and the summary of a step.
/// (GitHub Docs, "Workflow commands for GitHub Actions".)
enum GitHub {
    static var isRunning: Bool { Machine.isGitHubRunner }

    /// Marks the places of a failure in the sources: of its problems, or of its resource in the manifest; else the run as a
    /// whole.
    static func annotate(_ failure: Failure, manifest: String?) {
        guard isRunning else { return }
        let title = [("title", failure.code.rawValue)]
        for problem in failure.problems {
            let text = problem.message + (problem.hint.map { " (\($0))" } ?? "")
            Terminal.write(
                WorkflowCommand("error", place(problem.file, problem.position) + title, lines: [text]), to: .error)
        }
        if failure.problems.isEmpty {
            var properties = title
            if let manifest, let resource = failure.resource { properties = place(of: resource, in: manifest) + title }
            let lines =
                [failure.summary] + failure.cause + "next: \(failure.hint)".split(separator: "\n").map(String.init)
            Terminal.write(WorkflowCommand("error", properties, lines: lines), to: .error)
        }
    }

    private static func place(of resource: ResourceID, in manifest: String) -> [(String, String)] {
        do {
            let bytes = try Inputs.read(manifest)
            return place(manifest, ManifestPlaces.position(of: resource, inManifest: manifest, bytes))
        } catch {
            return place(manifest, nil)
        }
    }

    private static func place(_ file: String, _ position: Position?) -> [(String, String)] {
        let path = [("file", fromWorkspace(file))]
        return path + (position.map { [("line", "\($0.line)"), ("col", "\($0.column)")] } ?? [])
    }

    /// An annotation finds its file from the root of the repository, wherever in it the step was run.
    private static func fromWorkspace(_ file: String) -> String {
        let folder = Machine.currentFolder
        let path = plain(file.hasPrefix("/") ? file : "\(folder)/\(file)")
        for root in [Machine.environment["GITHUB_WORKSPACE"] ?? "", folder] where !root.isEmpty {
            let start = plain(root) + "/"
            if path.hasPrefix(start) { return String(path.dropFirst(start.count)) }
        }
        return path
    }

    /// Without `.`, `..` and what is listed twice.
    private static func plain(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// One warning for each difference, at its manifest.
    static func annotate(_ drift: Drift, manifest: String, environment: String) {
        guard isRunning else { return }
        for item in drift.items {
            let text = "\(item.resource) moved by \(item.divergence.moved.rawValue): \(item.divergence.told)"
            Terminal.write(
                WorkflowCommand(
                    "warning", place(of: item.resource, in: manifest) + [("title", "drift in \(environment)")],
                    lines: [text]), to: .error)
        }
    }

    /// Adds to the page of the step. That it cannot is no reason to fail.
    static func addToSummary(_ markdown: MarkdownText) {
        guard let path = Machine.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return }
        _ = Descriptor.write(Array((markdown.written + "\n").utf8), to: file)
        close(file)
    }
}
