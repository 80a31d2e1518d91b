import Ledger

/// One run as a timeline: a bar for each step, from its start to its end.
struct RunView {
    let run: HistoryRun
    let ledger: String
    /// The environment's on the page.
    let id: String
    let isOpen: Bool

    /// A run over hundreds of services is shown in part.
    private static let most = 100

    var html: HTMLText {
        let took: HTMLText = run.seconds.map { " · \(HistoryWords.duration($0))" } ?? ""
        return """
            <details class="run" id="\(id)-r\(run.epoch)"\(isOpen ? " open" : "")>
            <summary>
            <h4>Run \(run.epoch): \(run.command)</h4>
            \(Badge(run, in: ledger).html)
            <span class="quiet">\(MomentText.html(run.began))\(took)</span>
            \(RunBars(run: run).strip)
            </summary>
            <p class="quiet">\(who)</p>
            \(failure)\(steps)</details>

            """
    }

    private var who: HTMLText {
        let release: HTMLText = run.release.map { " · \(ReleaseText.whole($0))" } ?? ""
        return "By \(run.user) on \(run.host)\(release)"
    }

    private var failure: HTMLText {
        guard let code = run.failure?["code"]?.string else { return "" }
        return "<p><code class=\"code\">\(code)</code> \(run.failure?["summary"]?.string ?? "")</p>\n"
    }

    private var steps: HTMLText {
        if run.steps.isEmpty { return "<p class=\"quiet\">No step is recorded.</p>\n" }
        let bars = RunBars(run: run)
        let items = run.steps.prefix(Self.most).map { step -> HTMLText in
            let note = HistoryWords.note(on: step, of: run)
            let took = step.seconds.map(HistoryWords.duration) ?? ""
            let text: HTMLText = note.isEmpty ? "" : " \(note)"
            return """
                <li>
                <span class="what"><strong>\(step.action)</strong> \(step.resource?.description ?? "")</span>
                <span class="took">\(took)</span>
                \(bars.row(step))
                <span class="note">\(Badge(step)?.html ?? "")\(text)</span>
                </li>

                """
        }
        let left = run.steps.count - Self.most
        let more: HTMLText = left > 0 ? "<p class=\"quiet\">\(left) more steps are not shown.</p>\n" : ""
        return """
            <ol class="steps">
            \(items.joined())</ol>
            <p class="axis" aria-hidden="true"><span>0s</span><span>\(HistoryWords.duration(bars.length))</span></p>
            \(more)
            """
    }
}

/// A release without what is the same for all: `history` has its image and digest in full.
enum ReleaseText {
    /// The image without its registry, and with the beginning of its digest.
    static func image(_ release: HistoryRun.Release) -> String {
        let name = release.image.split(separator: "/").last.map(String.init) ?? release.image
        let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
        return parts.count == 2 ? "\(parts[0])@\(parts[1].prefix(19))" : name
    }

    static func whole(_ release: HistoryRun.Release) -> String {
        let digest = release.image.contains("@") ? nil : release.digest.map { " (\($0.prefix(19)))" }
        return "\(image(release))\(digest ?? "")" + (release.schema.map { ", schema \($0)" } ?? "")
    }
}
