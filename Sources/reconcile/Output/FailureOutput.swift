import Base
import JSON

/// Shows the failure of a command that only looks.
enum FailureOutput {
    static func show(_ failure: Failure, manifest: String, environment: String?, _ options: CommonOptions) {
        show(failure, manifest: manifest, environment: environment, options.output, noColor: options.noColor)
    }

    /// - Parameter endsEvents: whether the JSON is the last event of a run.
    static func show(
        _ failure: Failure, manifest: String?, environment: String?, _ output: OutputFormat, noColor: Bool,
        endsEvents: Bool = false
    ) {
        if output == .json {
            let json = result(failure, manifest: manifest, environment: environment, endsEvents: endsEvents)
            Terminal.write(TerminalText(json: json), to: .out)
        }
        show(failure, noColor: noColor, manifest: manifest)
    }

    /// How a command ended, in the form that is documented and does not change.
    ///
    /// - Parameter failure: nil where it has done what it was asked for.
    static func result(
        _ failure: Failure?, manifest: String?, environment: String?, endsEvents: Bool = false
    ) -> JSON {
        let failure = failure.map(CommandHint(manifest: manifest).fill)
        return .members([
            "event": endsEvents ? "result" : nil, "environment": environment.orNull, "manifest": manifest.orNull,
            "exit": Int((failure?.exit ?? .converged).rawValue), "failure": failure.orNull,
        ])
    }

    static func show(_ failure: Failure, noColor: Bool = false, manifest: String? = nil) {
        let failure = CommandHint(manifest: manifest).fill(failure)
        show(failure, Style(.error, noColor: noColor), manifest: manifest)
    }

    static func show(_ failure: Failure, _ style: Style, manifest: String?) {
        Terminal.writeFenced(FailureText(style: style).render(failure), to: .error)
        GitHub.annotate(failure, manifest: manifest)
    }
}
