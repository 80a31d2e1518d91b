import Base
import Reconciler
import Synchronization

/// One line for each thing that happens: for logs, and for terminals that cannot move their cursor.
final class PlainReporter: Reporter {
    private struct State {
        /// By the name that the resource is shown by.
        var lastProgress: [String: String] = [:]
        var openGroup: String?
    }

    private let style: Style
    private let quiet: Bool
    private let markdown: Bool
    private let isSideBySide: Bool
    private let state = Mutex(State())
    private let fence = WorkflowCommand.Fence()

    /// - Parameter isSideBySide: whether each line must say whose it is.
    init(style: Style, quiet: Bool, markdown: Bool, isSideBySide: Bool = false) {
        self.isSideBySide = isSideBySide
        self.style = style
        self.quiet = quiet
        self.markdown = markdown
    }

    func show(_ event: Event, of environment: String) {
        guard !quiet else { return }
        let name = { (resource: ResourceID) in self.isSideBySide ? "\(environment) \(resource)" : resource.description }
        switch event {
        case .planned(let environment, let plan):
            Terminal.write(
                PlanText(style: style).render(plan, environment: environment, isBeginning: true) + "\n", to: .error)
        case .started(let resource, let change): line(name(resource), TerminalText(EventText.started(change)))
        case .progress(let resource, let progress): tell(name(resource), progress.state)
        case .log(let resource, let text): log(name(resource), text)
        case .finished(_, .mark, _, _): break
        case .finished(let resource, _, let summary, let took):
            line(name(resource), style.green("\(summary)") + (took.map { style.dim(" (\($0.text))") } ?? ""))
        case .left(let resource, let text): line(name(resource), "\(text)")
        case .warning(let resource, let text):
            line(resource.map(name) ?? (isSideBySide ? environment : nil), "\(style.yellow("warning: "))\(text)")
        }
    }

    func finish(_ end: RunEnd) {
        closeGroup()
        if let failure = end.ownFailure { FailureOutput.show(failure, style, manifest: end.manifest) }
        let summary = Markdown.summary(end)
        GitHub.addToSummary(summary)
        if markdown {
            Terminal.writeFenced(Terminal.gap + TerminalText(summary), to: .out)
        } else {
            Terminal.write("\(end.headline)\n", to: .out)
        }
    }

    /// The same state is shown once.
    private func tell(_ name: String, _ text: String) {
        let isNew = state.withLock { state in
            defer { state.lastProgress[name] = text }
            return state.lastProgress[name] != text
        }
        if isNew { line(name, TerminalText(text)) }
    }

    private func line(_ name: String?, _ text: TerminalText) {
        closeGroup()
        let place: TerminalText = name.map { "\(style.bold("\($0)"))  " } ?? ""
        Terminal.write("\(place)\(text)\n", to: .error)
    }

    /// Lines of a program of another user's: in GitHub Actions they are folded away, and kept from being commands.
    private func log(_ name: String, _ text: String) {
        guard GitHub.isRunning else {
            Terminal.write("\(style.dim("\(name) |")) \(text)\n", to: .error)
            return
        }
        let opens = state.withLock { state in
            defer { state.openGroup = name }
            return state.openGroup != name
        }
        if opens {
            Terminal.write(WorkflowCommand("group", lines: ["log of \(name)"]), to: .error)
            Terminal.write(fence.start, to: .error)
        }
        Terminal.write("\(text)\n", to: .error, isFenced: true)
    }

    private func closeGroup() {
        let wasOpen = state.withLock { state in
            defer { state.openGroup = nil }
            return state.openGroup != nil
        }
        guard wasOpen else { return }
        Terminal.write(fence.end, to: .error)
        Terminal.write(WorkflowCommand("endgroup"), to: .error)
    }
}
