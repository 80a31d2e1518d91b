import Reconciler
import Synchronization

/// One line for each thing that happens: for logs, and for terminals that cannot move their cursor.
final class PlainReporter: Reporter {
    private struct State {
        var lastProgress: [ResourceID: String] = [:]
        var openGroup: ResourceID?
    }

    private let style: Style
    private let quiet: Bool
    private let markdown: Bool
    private let state = Mutex(State())
    private let fence = GitHub.Fence()

    init(style: Style, quiet: Bool, markdown: Bool) {
        self.style = style
        self.quiet = quiet
        self.markdown = markdown
    }

    func show(_ event: Event) {
        guard !quiet else { return }
        switch event {
        case .planned(let environment, let plan):
            Terminal.write(
                PlanText(style: style).render(plan, environment: environment, ending: " to make") + "\n", to: .error)
        case .started(let resource, let change): line(resource, EventText.started(change))
        case .progress(let resource, let progress): tell(resource, progress.state)
        case .log(let resource, let text): log(resource, text)
        case .finished(_, .mark, _, _): break
        case .finished(let resource, _, let summary, let took):
            line(resource, style.green(summary) + (took.map { style.dim(" (\($0.text))") } ?? ""))
        case .warning(let resource, let text): line(resource, style.yellow("warning: ") + text)
        }
    }

    func finish(_ end: RunEnd) {
        closeGroup()
        if let failure = end.failure {
            Terminal.write(GitHub.fenced(FailureText(style: style).render(failure)), to: .error)
            GitHub.annotate(failure)
        }
        let summary = Markdown.summary(end)
        GitHub.addToSummary(summary)
        Terminal.write(markdown ? GitHub.fenced(summary) : end.headline + "\n", to: .out)
    }

    /// The same state is told once.
    private func tell(_ resource: ResourceID, _ text: String) {
        let isNew = state.withLock { state in
            defer { state.lastProgress[resource] = text }
            return state.lastProgress[resource] != text
        }
        if isNew { line(resource, text) }
    }

    private func line(_ resource: ResourceID?, _ text: String) {
        closeGroup()
        Terminal.write("\(resource.map { style.bold($0.description) + "  " } ?? "")\(text)\n", to: .error)
    }

    /// Lines of a program of somebody else's: in GitHub Actions they are folded away, and kept from being commands.
    private func log(_ resource: ResourceID, _ text: String) {
        guard GitHub.isRunning else {
            Terminal.write("\(style.dim("\(resource) |")) \(text)\n", to: .error)
            return
        }
        let opens = state.withLock { state in
            defer { state.openGroup = resource }
            return state.openGroup != resource
        }
        let start = opens ? "::group::log of \(resource)\n\(fence.start)" : ""
        Terminal.write("\(start)\(text)\n", to: .error)
    }

    private func closeGroup() {
        let wasOpen = state.withLock { state in
            defer { state.openGroup = nil }
            return state.openGroup != nil
        }
        if wasOpen { Terminal.write("\(fence.end)::endgroup::\n", to: .error) }
    }
}
