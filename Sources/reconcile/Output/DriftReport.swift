import Base
import JSON
import Reconciler
import Resources

/// Where an environment is not as its manifest says.
struct DriftReport: Report {
    let environment: String
    let drift: Drift
    /// What AWS is still at work on: no difference, and worth a word.
    let underWay: [Plan.Step]
    /// What counts in place of what the manifest says.
    let comparison: Comparison
    /// Why its database did not tell its version, if it was asked: then no one knows that it is in sync.
    let unanswered: Failure?

    var exit: ExitCode { unanswered?.exit ?? (drift.isInSync ? .converged : .changesPending) }
    var isQuoting: Bool { true }
    /// A schedule's log is read where something is wrong.
    var isQuiet: Bool { drift.isInSync }

    /// What stands in the place of "in sync" where not all could be looked at.
    private static let incomplete = "no difference was found, but its database did not tell its version"
    private var with: String { comparison.text.map { " with \($0)" } ?? "" }

    /// Shows it where GitHub Actions shows what a job has found.
    func annotate(manifest: String) {
        GitHub.annotate(drift, manifest: manifest, environment: environment)
        if GitHub.isRunning, !drift.isInSync { GitHub.addToSummary(markdown) }
    }

    var json: JSON {
        .members([
            "environment": environment, "drift": drift.items.map(Self.json),
            "underWay": underWay.isEmpty
                ? nil : underWay.map { JSON.members(["resource": $0.resource, "reason": $0.change.reason]) },
            "inSync": drift.isInSync && unanswered == nil, "comparedWith": comparison.json,
            "exit": unanswered.map { Int($0.exit.rawValue) }, "failure": unanswered,
        ])
    }

    private static func json(_ item: Drift.Item) -> JSON {
        .members([
            "resource": item.resource, "moved": item.divergence.moved.rawValue, "reason": item.divergence.reason,
            "by": item.divergence.actor, "fields": item.divergence.fields.map(PlanJSON.field),
        ])
    }

    var markdown: MarkdownText {
        if drift.isInSync, unanswered != nil { return "**\(environment)**: \(Self.incomplete).\n" + waits }
        if drift.isInSync { return "**\(environment)** is in sync\(with).\n" + waits }
        let rows = drift.items.map { item -> MarkdownText in
            let fields = item.divergence.fields.map { field -> MarkdownText in
                "\(code: field.path): \(field.from ?? "unset") -> \(field.to ?? "unset")"
            }
            let reason = (["\(item.divergence.told)"] + fields).joined(separator: "; ")
            return "| \(code: item.resource) | \(item.divergence.moved.rawValue) | \(reason) |\n"
        }
        let head = with.isEmpty ? "" : ", compared\(with)"
        return "**\(environment)** has drifted\(head)\n\n| resource | moved by | what |\n|---|---|---|\n"
            + rows.joined() + waits
    }

    private var waits: MarkdownText {
        underWay.map { "\nUnder way: \(code: $0.resource): \($0.change.reason)\n" as MarkdownText }.joined()
    }

    func text(_ style: Style) -> TerminalText {
        let name = style.bold("\(environment)")
        let names = drift.items.map(\.resource) + underWay.map(\.resource)
        let width = names.map { TerminalText($0.description).width }.max() ?? 0
        let waits = underWay.map { step in
            "  \(style.dim("…")) \(TerminalText(step.resource.description).padded(to: width))  \(step.change.reason)\n"
                as TerminalText
        }.joined()
        if drift.isInSync, unanswered != nil { return "\(name): \(Self.incomplete)\n\(waits)" }
        if drift.isInSync { return "\(name): in sync\(with)\n\(waits)" }
        let items = drift.items.map { Self.text($0, width: width, style) }.joined()
        let count = drift.items.count == 1 ? "1 difference" : "\(drift.items.count) differences"
        let head: TerminalText = with.isEmpty ? "" : ", \(style.dim("compared\(with)"))"
        return "\(name)\(head)\n\n\(items)\(waits)\n\(count). Nothing was done.\n"
    }

    private static func text(_ item: Drift.Item, width: Int, _ style: Style) -> TerminalText {
        let divergence = item.divergence
        let name = TerminalText(item.resource.description).padded(to: width)
        let moved = TerminalText(divergence.moved.rawValue).padded(to: 8)
        let sign =
            switch divergence.moved {
            case .manifest: style.cyan("~")
            case .world: style.yellow("!")
            case .both: style.red("!")
            }
        let fields = divergence.fields.map(FieldText(style: style).render).joined()
        return "  \(sign) \(name)  \(moved)  \(divergence.told)\n" + fields
    }
}

extension Divergence {
    /// The reason, and who moved the world where AWS tells.
    var told: String { reason + (actor.map { " (\($0))" } ?? "") }
}
