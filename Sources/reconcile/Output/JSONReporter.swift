import JSON
import Reconciler

/// One JSON object per line for each event; the last one of a manifest is its result.
struct JSONReporter: Reporter {
    private let last = LastProgress()

    func show(_ event: Event, of environment: String) {
        guard last.isNews(event, of: environment) else { return }
        var line =
            switch event {
            case .planned(_, let plan):
                JSON.members([
                    "event": "planned", "changes": plan.changes.map(PlanJSON.change), "notes": PlanJSON.notes(plan),
                ])
            case .started(let resource, let change):
                JSON.members([
                    "event": "started", "resource": resource, "action": change.action.rawValue, "reason": change.reason,
                ])
            case .progress(let resource, let progress):
                JSON.members([
                    "event": "progress", "resource": resource, "state": progress.state, "running": progress.running,
                    "desired": progress.desired, "stage": progress.stage.map(Self.stage),
                ])
            case .left(let resource, let state): JSON.members(["event": "left", "resource": resource, "state": state])
            case .log(let resource, let line): JSON.members(["event": "log", "resource": resource, "line": line])
            case .finished(let resource, let action, let summary, let took):
                JSON.members([
                    "event": "finished", "resource": resource, "action": action.rawValue, "summary": summary,
                    "seconds": took.map { JSON.double(Double(Int($0 / .milliseconds(1))) / 1_000) },
                ])
            case .warning(let resource, let text):
                JSON.members(["event": "warning", "resource": resource, "text": text])
            }
        line["environment"] = .string(environment)
        write(line)
    }

    func finish(_ end: RunEnd) {
        write([
            "event": "result", "environment": end.environment.map(JSON.string) ?? .null,
            "manifest": .string(end.manifest), "exit": .integer(Int(end.exit.rawValue)),
            "failure": end.failure?.json ?? .null,
            "calls": ["mutating": .integer(end.calls.mutating), "all": .integer(end.calls.all)],
        ])
        // Its page is for people, whatever the program behind the pipe reads.
        if let failure = end.ownFailure { GitHub.annotate(failure, manifest: end.manifest) }
        GitHub.addToSummary(Markdown.summary(end))
    }

    private static func stage(_ stage: Progress.Stage) -> JSON {
        .members([
            "name": stage.name, "trafficPercent": stage.trafficPercent.map(JSON.double), "hook": stage.hook,
            "paused": stage.isPaused, "hookExpires": stage.hookExpires?.iso8601,
        ])
    }

    private func write(_ json: JSON) { Terminal.write(TerminalText(json: json), to: .out) }
}
