import Glibc
import Hashing
import JSON
import Reconciler
import Resources

/// What GitHub Actions understands: annotations, groups, and the summary of a step.
/// (GitHub Docs, "Workflow commands for GitHub Actions".)
enum GitHub {
    static var isRunning: Bool { Machine.environment["GITHUB_ACTIONS"] == "true" }

    /// Between its two lines nothing is taken for a command. The word is random, so that a log cannot end it.
    struct Fence: Sendable {
        private let word = Hex.encode(Machine.randomBytes(16))
        var start: String { "::stop-commands::\(word)\n" }
        var end: String { "::\(word)::\n" }
    }

    /// A text that may quote a program's output, with nothing in it taken for a command.
    static func fenced(_ text: String) -> String {
        guard isRunning else { return text }
        let fence = Fence()
        return fence.start + text + fence.end
    }

    /// Marks the places of a failure in the sources: of its problems, or of its resource in the manifest; else the run as a
    /// whole.
    static func annotate(_ failure: Failure, manifest: String?) {
        guard isRunning else { return }
        let title = "title=\(property(failure.code.rawValue))"
        for problem in failure.problems {
            Terminal.write(
                "::error \(place(problem.file, problem.position)),\(title)::\(data(problem.message + (problem.hint.map { " (\($0))" } ?? "")))\n",
                to: .error)
        }
        if failure.problems.isEmpty {
            let text = ([failure.summary] + failure.cause + ["next: \(failure.hint)"]).joined(separator: "\n")
            var properties = title
            if let manifest, let resource = failure.resource {
                properties = "\(place(of: resource, in: manifest)),\(title)"
            }
            Terminal.write("::error \(properties)::\(data(text))\n", to: .error)
        }
    }

    private static func place(of resource: ResourceID, in manifest: String) -> String {
        do {
            let bytes = try Inputs.read(manifest)
            return place(manifest, ManifestPlaces.position(of: resource, inManifest: manifest, bytes))
        } catch {
            return place(manifest, nil)
        }
    }

    private static func place(_ file: String, _ position: Position?) -> String {
        let path = "file=\(property(fromWorkspace(file)))"
        return path + (position.map { ",line=\($0.line),col=\($0.column)" } ?? "")
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

    /// Without `.`, `..` and what stands twice.
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
            let by = item.divergence.actor.map { " (\($0))" } ?? ""
            let text = "\(item.resource) moved by \(item.divergence.moved.rawValue): \(item.divergence.reason)\(by)"
            Terminal.write(
                "::warning \(place(of: item.resource, in: manifest)),title=\(property("drift in \(environment)"))::\(data(text))\n",
                to: .error)
        }
    }

    /// Adds to the page of the step. That it cannot is no reason to fail.
    static func addToSummary(_ markdown: String) {
        guard let path = Machine.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return }
        _ = Descriptor.write(Array((markdown + "\n").utf8), to: file)
        close(file)
    }

    private static func data(_ text: String) -> String {
        // By scalars: a carriage return and a newline are one character, which neither of them alone would match.
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "%": "%25"
            case "\r": "%0D"
            case "\n": "%0A"
            default: String(scalar)
            }
        }.joined()
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
