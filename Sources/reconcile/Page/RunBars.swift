import Ledger

/// The bars of one run's steps on one scale, from its start to its end.
struct RunBars {
    let run: HistoryRun
    /// What the whole width stands for, in seconds.
    let length: Int64

    init(run: HistoryRun) {
        self.run = run
        let ends = run.steps.compactMap { step in
            step.began.map { max(0, $0.since(run.began)) + Self.seconds(step, of: run) }
        }
        length = max(1, run.seconds ?? 0, ends.max() ?? 0)
    }

    /// All steps on one line, for the head of a run.
    var strip: HTMLText {
        let parts = run.steps.prefix(20).map { step in
            "\(step.action) \(step.seconds.map(HistoryWords.duration) ?? step.result ?? "")"
        }
        let words = parts.isEmpty ? "no steps" : parts.joined(separator: ", ")
        return """
            <svg class="strip" role="img" width="100%" height="8"><title>Timeline: \(words)</title>\
            <rect class="track" width="100%" height="8" rx="4"/>\
            \(run.steps.prefix(100).compactMap { bar($0, height: 8) }.joined())</svg>
            """
    }

    /// One step in a line of its own.
    func row(_ step: HistoryStep) -> HTMLText {
        guard let place = place(of: step) else { return "" }
        let from = place.start == 0 ? "0s" : HistoryWords.duration(place.start)
        let title =
            step.seconds == nil
            ? "From \(from), end not recorded here" : "From \(from) to \(HistoryWords.duration(place.end))"
        return """
            <svg class="bar" role="img" width="100%" height="12"><title>\(title)</title>\
            <rect class="track" width="100%" height="12" rx="3"/>\(bar(step, height: 12) ?? "")</svg>
            """
    }

    private func place(of step: HistoryStep) -> (start: Int64, end: Int64)? {
        guard let began = step.began else { return nil }
        // What an earlier run had started is under way from the beginning on.
        let start = max(0, began.since(run.began))
        let isEarlier = began < run.began
        let seconds = Self.seconds(step, of: run) + (isEarlier ? began.since(run.began) : 0)
        let isOpen = step.seconds == nil && step.result != nil
        return (min(start, length), isOpen ? length : min(length, start + max(0, seconds)))
    }

    private static func seconds(_ step: HistoryStep, of run: HistoryRun) -> Int64 {
        guard let seconds = step.seconds else { return 0 }
        // What an earlier run had started is counted from this run's beginning.
        return step.began.map { max(0, seconds + min(0, $0.since(run.began))) } ?? seconds
    }

    private func bar(_ step: HistoryStep, height: Int) -> HTMLText? {
        guard let place = place(of: step) else { return nil }
        // What took no time is still to be seen.
        let width = max(Self.least, (place.end - place.start) * 10_000 / length)
        let x = min(place.start * 10_000 / length, 10_000 - width)
        return """
            <rect class="\(Self.kind(step))" x="\(Share.percent(x))" width="\(Share.percent(width))" height="\(height)" \
            rx="3"/>
            """
    }

    /// What the bars' colours and outlines mean.
    static let legend: HTMLText = {
        let kinds = ["register", "migrate", "update", "run", "failed", "open"]
        let items = kinds.map { kind -> HTMLText in
            """
            <li><svg aria-hidden="true" width="12" height="12"><rect class="\(kind)" x="1" y="1" width="10" height="10" \
            rx="3"/></svg>\(kind == "run" ? "other" : kind == "open" ? "end not recorded" : kind)</li>

            """
        }
        return "<ul class=\"legend quiet\">\n\(items.joined())</ul>\n"
    }()

    /// In hundredths of a percent.
    private static let least: Int64 = 60

    /// The class of the bars of an action.
    static func kind(of action: String) -> String {
        ["migrate", "update", "create", "run", "register"].contains(action) ? action : "other"
    }

    private static func kind(_ step: HistoryStep) -> String {
        switch step.result {
        case "failed"?: "failed"
        case "succeeded"?, nil: kind(of: step.action)
        default: "open"
        }
    }
}

/// Numbers as SVG has them, the same on every machine.
enum Share {
    /// - Parameter hundredths: of a percent.
    static func percent(_ hundredths: Int64) -> String {
        let rest = hundredths % 100
        return rest == 0 ? "\(hundredths / 100)%" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
