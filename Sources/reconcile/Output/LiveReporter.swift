import Base
import Reconciler
import Synchronization

/// A terminal's view: what is done scrolls up, what is under way is at the bottom with a spinner.
final class LiveReporter: Reporter {
    private struct Active {
        let resource: ResourceID
        var text: String
        var counts: TerminalText
        let since: ContinuousClock.Instant
    }

    private struct State {
        var active: [Active] = []
        /// What has not started yet.
        var coming: [Plan.Step] = []
        var bottom = BottomLines()
        var frame = 0
    }

    private let style: Style
    private let state = Mutex(State())
    private let clock = ContinuousClock()

    private static let frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    init(style: Style) { self.style = style }

    /// Keeps the spinner turning until the calling task is cancelled.
    func animate() async {
        while !Task.isCancelled {
            do { try await clock.sleep(for: .milliseconds(100)) } catch { return }
            state.withLock { state in
                state.frame += 1
                if !state.active.isEmpty { redraw(&state, above: "") }
            }
        }
    }

    func show(_ event: Event, of _: String) {
        state.withLock { state in
            switch event {
            case .planned(let environment, let plan):
                let text = PlanText(style: style).render(plan, environment: environment, isBeginning: true)
                state.coming = plan.changes
                redraw(&state, above: "\(text)\n")
            case .started(let resource, let change):
                state.active.removeAll { $0.resource == resource }
                state.coming.removeAll { $0.resource == resource }
                state.active.append(
                    Active(resource: resource, text: EventText.started(change), counts: "", since: clock.now))
                redraw(&state, above: "")
            case .progress(let resource, let progress): update(&state, resource, progress)
            case .log(let resource, let line): redraw(&state, above: "\(style.dim("\(resource) │")) \(line)\n")
            case .finished(_, .mark, _, _): break
            case .finished(let resource, _, let summary, let took):
                state.active.removeAll { $0.resource == resource }
                let time: TerminalText = took.map { " \(style.dim("(\($0.text))"))" } ?? ""
                redraw(&state, above: "\(style.green("✔")) \(style.bold("\(resource)"))  \(summary)\(time)\n")
            case .left(let resource, let text):
                state.active.removeAll { $0.resource == resource }
                redraw(
                    &state,
                    above: "\(style.green("✔")) \(style.bold("\(resource)"))  \(text)\n")
            case .warning(let resource, let text):
                let place: TerminalText = resource.map { "\(style.bold("\($0)"))  " } ?? ""
                redraw(&state, above: "\(style.yellow("!")) \(place)\(text)\n")
            }
        }
    }

    func finish(_ end: RunEnd) {
        state.withLock { state in
            let failed = state.active.map { active -> TerminalText in
                "\(style.red("✘")) \(style.bold("\(active.resource)"))\n"
            }.joined()
            state.active.removeAll()
            state.coming.removeAll()
            let failure = end.ownFailure.map { failed + FailureText(style: style).render($0) } ?? ""
            redraw(&state, above: failure)
        }
        Terminal.write("\(style.bold("\(end.headline)"))\n", to: .out)
    }

    /// Takes the bottom lines away: what follows is not shown here.
    func settle() {
        state.withLock { state in
            state.active.removeAll()
            state.coming.removeAll()
            redraw(&state, above: "")
        }
    }

    private func update(_ state: inout State, _ resource: ResourceID, _ progress: Progress) {
        let counts: TerminalText? = progress.running.flatMap { running in
            progress.desired.map { " \(bar(running, of: $0)) \(running)/\($0)" }
        }
        if let index = state.active.firstIndex(where: { $0.resource == resource }) {
            state.active[index].text = progress.state
            state.active[index].counts = counts ?? ""
        } else {
            // Adopted from an earlier run.
            state.coming.removeAll { $0.resource == resource }
            state.active.append(
                Active(resource: resource, text: progress.state, counts: counts ?? "", since: clock.now))
        }
        redraw(&state, above: "")
    }

    private func bar(_ running: Int, of desired: Int) -> TerminalText {
        guard desired > 0 else { return "" }
        let full = min(10, running * 10 / desired)
        return style.green(Self.bars(full)) + style.dim(Self.bars(10 - full))
    }

    private static func bars(_ count: Int) -> TerminalText { TerminalText(String(repeating: "━", count: count)) }

    /// Takes the bottom lines away, writes what is to stay, and draws the bottom lines again, in one write.
    private func redraw(_ state: inout State, above text: TerminalText) {
        let size = Terminal.size()
        let frame = TerminalText(Self.frames[state.frame % Self.frames.count])
        let active = state.active.map { line(of: $0, frame, width: size.width) }
        let coming = state.coming.map { style.dim("· \($0.resource)  \($0.change.action.rawValue)") }
        let out = state.bottom.replace(with: active + coming, above: text, on: size)
        if !out.isEmpty { Terminal.write(out, to: .error) }
    }

    /// What gives way on a narrow terminal is the text in the middle.
    private func line(of active: Active, _ frame: TerminalText, width: Int) -> TerminalText {
        let head: TerminalText = "\(style.cyan(frame)) \(style.bold("\(active.resource)"))  "
        let end: TerminalText = "\(active.counts)  \(style.dim("\((clock.now - active.since).text)"))"
        let room = max(10, width - 1 - head.width - end.width)
        return head + TerminalText(active.text).clipped(to: room) + end
    }
}
