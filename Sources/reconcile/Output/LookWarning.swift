import Reconciler

/// A warning of a command that changes nothing: on standard error, whatever the form of its result.
enum LookWarning {
    static func show(_ options: CommonOptions) -> @Sendable (Event) -> Void {
        let isQuiet = options.quiet
        let style = Style(isOn: Terminal(.error, environment: Machine.environment, noColor: options.noColor).hasColour)
        return { event in
            guard !isQuiet, case .warning(let resource, let text) = event else { return }
            let place: TerminalText = resource.map { "\(style.bold("\($0)"))  " } ?? ""
            Terminal.write("\(place)\(style.yellow("warning: "))\(text)\n", to: .error)
        }
    }
}
