import JSON
import Reconciler

/// One JSON object per line for each event; the last one of a manifest is its result.
struct JSONReporter: Reporter {
    func show(_ event: Event, of environment: String) {
        let write = { (json: JSON) in
            var line = json
            line["environment"] = .string(environment)
            self.write(line)
        }
        switch event {
        case .planned(_, let plan):
            write(
                .object(dropping: [
                    "event": "planned", "changes": .array(plan.changes.map(PlanJSON.change)),
                    "notes": PlanJSON.notes(plan),
                ]))
        case .started(let resource, let change):
            write([
                "event": "started", "resource": .string(resource.description),
                "action": .string(change.action.rawValue), "reason": .string(change.reason),
            ])
        case .progress(let resource, let progress):
            write(
                .object(dropping: [
                    "event": "progress", "resource": .string(resource.description), "state": .string(progress.state),
                    "running": progress.running.map(JSON.integer), "desired": progress.desired.map(JSON.integer),
                ]))
        case .log(let resource, let line):
            write(["event": "log", "resource": .string(resource.description), "line": .string(line)])
        case .finished(let resource, let action, let summary, let took):
            write(
                .object(dropping: [
                    "event": "finished", "resource": .string(resource.description),
                    "action": .string(action.rawValue), "summary": .string(summary),
                    "seconds": took.map { .double(Double(Int($0 / .milliseconds(1))) / 1_000) },
                ]))
        case .warning(let resource, let text):
            write(
                .object(dropping: [
                    "event": "warning", "resource": resource.map { .string($0.description) }, "text": .string(text),
                ]))
        }
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

    private func write(_ json: JSON) { Terminal.write(TerminalText(json: json), to: .out) }
}
