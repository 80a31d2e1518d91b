import Reconciler
import Synchronization

/// Shows a one-off command: its lines are the result, everything else is talk.
final class CommandReporter: Reporter {
    private let inner: any Reporter
    /// Where talk goes to a terminal.
    let live: LiveReporter?
    /// Whether lines and talk go to the same terminal: then they are drawn by one hand.
    private let drawsLines: Bool
    private let isJSON: Bool
    private let style: Style
    private let fence = WorkflowCommand.Fence()
    private let isFenced = Mutex(false)

    init(_ options: CommonOptions) {
        inner = ReporterChoice.make(options, isSideBySide: false)
        isJSON = options.output == .json
        let isShown = Terminal(.out, environment: Machine.environment, noColor: options.noColor).isTerminal
        live = inner as? LiveReporter
        drawsLines = isShown && live != nil
        style = Style(.error, noColor: options.noColor)
    }

    func show(_ event: Event, of environment: String) {
        if isJSON { return inner.show(event, of: environment) }
        switch event {
        case .planned: break
        case .log(_, let line) where !drawsLines:
            openFence()
            Terminal.write("\(line)\n", to: .out, isFenced: GitHub.isRunning)
        default: inner.show(event, of: environment)
        }
    }

    func finish(_ end: RunEnd) {
        closeFence()
        if isJSON { return inner.finish(end) }
        live?.settle()
        if let failure = end.ownFailure { FailureOutput.show(failure, style, manifest: end.manifest) }
        GitHub.addToSummary(Markdown.summary(end))
    }

    private func openFence() {
        let opens = isFenced.withLock { isFenced in
            defer { isFenced = true }
            return !isFenced
        }
        if opens, GitHub.isRunning { Terminal.write(fence.start, to: .out) }
    }

    private func closeFence() {
        if isFenced.withLock(\.self), GitHub.isRunning { Terminal.write(fence.end, to: .out) }
    }
}
