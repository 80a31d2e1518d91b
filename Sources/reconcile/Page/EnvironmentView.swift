import Base
import Ledger
import Manifest
import Reconciler
import Resources
import Time

/// One environment: its state, what has drifted, the last failure, how long things take, and its runs.
struct EnvironmentView {
    let environment: PageEnvironment
    /// Unique on the page.
    let id: String
    let limit: Int

    private var ledger: String { environment.past.ledger ?? "" }

    var isSeen: Bool { if case .seen = environment.look { true } else { false } }

    var badge: Badge {
        switch environment.look {
        case .none: environment.runs.first.map { Badge($0, in: ledger) } ?? Badge(tone: .plain, text: "no runs")
        case .failed: Badge(tone: .warn, text: "not compared")
        case .seen(let status, let drift):
            if status.plan.blocker != nil {
                Badge(tone: .bad, text: "blocked")
            } else if !status.plan.isConverged {
                Badge(tone: .warn, text: PlanCount(status.plan).text { "\($0) to change" })
            } else {
                drift.drift.isInSync
                    ? Badge(tone: .good, text: "in sync") : Badge(tone: .warn, text: "drifted")
            }
        }
    }

    var html: HTMLText {
        """
        <section class="environment" id="\(id)" aria-labelledby="\(id)-name">
        <header>
        <h2 id="\(id)-name">\(environment.name)</h2>
        \(badge.html)
        </header>
        \(places)
        \(facts)
        \(problems)\(state)\(drift)\(lastFailure)\(DurationsView(runs: environment.runs, id: id).html)\(runs)</section>

        """
    }

    private var places: HTMLText {
        var parts: [HTMLText] = []
        if case .seen(let status, _) = environment.look { parts.append("cluster \(status.manifest.cluster)") }
        if let manifest = environment.manifest { parts.append("manifest \(manifest)") }
        if let ledger = environment.past.ledger { parts.append("ledger \(ledger)") }
        return "<p class=\"quiet\">\(parts.joined(separator: " · "))</p>"
    }

    // MARK: - Facts

    private var facts: HTMLText {
        let release = environment.release
        var tiles: [HTMLText] = [
            tile("Last release", release?.release.map { ReleaseText.image($0) } ?? "none", release?.began),
            tile("Schema", release?.release?.schema ?? "none", nil),
        ]
        if let last = environment.runs.first {
            let badge = Badge(last, in: ledger)
            let took = last.seconds.map { " in \(HistoryWords.duration($0))" } ?? ""
            tiles.append(tile("Last run", "\(last.command), \(badge.text)\(took)", last.began))
        }
        return "<dl class=\"facts\">\n\(tiles.joined())</dl>"
    }

    private func tile(_ name: String, _ value: String, _ time: Timestamp?) -> HTMLText {
        let when: HTMLText = time.map { "<dd class=\"quiet\">\(MomentText.html($0))</dd>" } ?? ""
        return "<div><dt>\(name)</dt><dd class=\"value\">\(value)</dd>\(when)</div>\n"
    }

    // MARK: - State

    private var problems: HTMLText {
        var text: HTMLText = ""
        if case .failed(let failure) = environment.look {
            text += FailureView(failure: PageFailure(failure.json, hints), title: "Not compared with AWS").html
        }
        if case .seen(let status, _) = environment.look, let blocker = status.plan.blocker {
            text += FailureView(failure: PageFailure(blocker.json, hints), title: "What blocks the next apply").html
        }
        if let failure = environment.past.failure {
            text += FailureView(failure: PageFailure(failure.json, hints), title: "The ledger cannot be read").html
        }
        return text
    }

    private var hints: CommandHint { CommandHint(manifest: environment.manifest) }

    private var state: HTMLText {
        if case .seen(let status, _) = environment.look {
            let left = Set(status.plan.left.map(\.resource))
            // What is only compared has its place under drift.
            let rows = status.plan.steps.filter { $0.resource.kind != Kind.starters }.map { step -> PageTable.Row in
                let notes = left.contains(step.resource) ? [] : step.change.notes
                let reason = ([step.change.reason] + notes.map { "note: \($0)" }).joined(separator: "; ")
                let badge =
                    step.change.isSettled
                    ? Badge(tone: .good, text: "in sync")
                    : Badge(tone: step.change.failure == nil ? .warn : .bad, text: step.change.action.rawValue)
                return PageTable.Row(name: step.resource.description, cells: [badge.html, "\(reason)"])
            }
            return PageTable(
                title: "What runs", note: status.wanted, columns: ["Resource", "State", "Reason"], rows: rows
            ).html
        }
        let rows = environment.lastSteps.map { run, step -> PageTable.Row in
            let note = "\(HistoryWords.note(on: step, of: run))"
            return PageTable.Row(
                name: step.resource?.description ?? "",
                cells: [
                    "\(step.action) \(Badge(step)?.html ?? "")", MomentText.html(step.began ?? run.began), "\(note)",
                ])
        }
        return PageTable(
            title: "What was done last", note: "from the ledger alone: AWS was not compared",
            columns: ["Resource", "Step", "When", "Result"], rows: rows
        ).html
    }

    private var drift: HTMLText {
        guard case .seen(_, let report) = environment.look, !report.drift.isInSync else { return "" }
        let rows = report.drift.items.map { item -> PageTable.Row in
            let fields = item.divergence.fields.map { "\($0.path): \($0.from ?? "unset") → \($0.to ?? "unset")" }
            let what = ([item.divergence.told] + fields).joined(separator: "; ")
            return PageTable.Row(
                name: item.resource.description, cells: ["\(item.divergence.moved.rawValue)", "\(what)"])
        }
        let note = "world: someone changed AWS; manifest: the manifest changed since the last apply"
        return PageTable(title: "Drift", note: note, columns: ["Resource", "Moved by", "What"], rows: rows).html
    }

    private var lastFailure: HTMLText {
        guard let run = environment.failed else { return "" }
        let hints = CommandHint(
            manifest: environment.manifest, overrides: run.release.map { ReleaseRecord($0).overrides } ?? Overrides(),
            past: run.command)
        let failure = PageFailure(run.failure ?? ["code": "failed"], hints)
        let isOver = environment.runs.first.map { $0.exit == 0 && $0.epoch > run.epoch } ?? false
        return FailureView(
            failure: failure, title: "Last failure",
            place: """
                Run \(run.epoch), \(run.command), \(MomentText.html(run.began)), exit code \(run.exit ?? 1)\
                \(isOver ? ". Later runs succeeded." : ".")
                """, isOver: isOver
        ).html
    }

    private var runs: HTMLText {
        let shown = environment.runs.prefix(limit)
        if shown.isEmpty { return "<h3>Runs</h3>\n<p class=\"quiet\">No runs in this ledger.</p>\n" }
        let blocks = shown.enumerated().map { index, run in
            RunView(run: run, ledger: ledger, id: id, isOpen: index == 0).html
        }
        let older = environment.runs.count - shown.count
        let note: HTMLText = older > 0 ? "<p class=\"quiet\">\(HistoryWords.older(older))</p>\n" : ""
        return "<h3>Runs</h3>\n\(RunBars.legend)\(blocks.joined())\(note)"
    }
}
