/// Chooses how a run is shown: by what was asked for, and by what is there to show it on.
enum ReporterChoice {
    /// - Parameter isSideBySide: whether several runs tell at the same time.
    static func make(_ options: CommonOptions, isSideBySide: Bool) -> any Reporter {
        if options.output == .json { return JSONReporter() }
        let terminal = Terminal(.error, environment: Machine.environment, noColor: options.noColor)
        let style = Style(.error, noColor: options.noColor)
        let isCI = Machine.environment["CI"] != nil || GitHub.isRunning
        if terminal.isTerminal, !isCI, !options.quiet, !isSideBySide {
            return LiveReporter(style: style)
        }
        return PlainReporter(
            style: style, quiet: options.quiet, markdown: options.output == .markdown, isSideBySide: isSideBySide)
    }
}
