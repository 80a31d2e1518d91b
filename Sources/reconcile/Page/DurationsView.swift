import Base
import Ledger

/// How long runs and their steps took, over time: a chart for each kind.
struct DurationsView {
    /// Newest first.
    let runs: [HistoryRun]
    /// The environment's on the page.
    let id: String

    /// How many charts there are at most, and how many columns in each.
    private static let (mostCharts, mostColumns) = (9, 40)

    var html: HTMLText {
        let kinds = StepDurations.all(of: runs, except: PageEnvironment.housekeeping).filter { $0.longest > 1 }
            .sorted { ($0.longest, $1.resource) > ($1.longest, $0.resource) }
        let applies = runs.filter { $0.command == "apply" && $0.seconds != nil }
        if kinds.isEmpty, applies.isEmpty { return "" }
        var charts: [ColumnChart] = []
        if !applies.isEmpty { charts.append(whole(applies)) }
        let shown = kinds.prefix(Self.mostCharts - charts.count)
        charts += shown.map(chart)
        let items = charts.enumerated().map { $1.html(id: "\(id)-c\($0 + 1)") }
        let left = kinds.count - shown.count
        let more: HTMLText = left > 0 ? "<p class=\"quiet\">\(left) shorter kinds of steps are not shown.</p>\n" : ""
        return "<h3>How long things take</h3>\n<div class=\"charts\">\n\(items.joined())</div>\n\(more)"
    }

    private func whole(_ applies: [HistoryRun]) -> ColumnChart {
        let columns = applies.prefix(Self.mostColumns).reversed().map { run in
            ColumnChart.Column(seconds: run.seconds ?? 0, hasFailed: run.exit != 0, began: run.began)
        }
        let all = applies.filter { $0.exit == 0 }.compactMap(\.seconds).sorted()
        let words: String
        if let longest = all.last {
            let median = HistoryWords.duration(all[(all.count - 1) / 2])
            words = "\(all.count) converged, median \(median), longest \(HistoryWords.duration(longest))"
        } else {
            words = "none converged"
        }
        return ColumnChart(title: "apply, the whole run", words: words, kind: "whole", columns: Array(columns))
    }

    private func chart(_ kind: StepDurations) -> ColumnChart {
        var columns: [ColumnChart.Column] = []
        for run in runs where columns.count < Self.mostColumns {
            for step in run.steps
            where step.resource == kind.resource && step.action == kind.action && step.intentEpoch == run.epoch {
                guard let seconds = step.seconds, ["succeeded", "failed"].contains(step.result) else { continue }
                columns.append(
                    .init(seconds: seconds, hasFailed: step.result == "failed", began: step.began ?? run.began))
            }
        }
        let times = kind.count == 1 ? "once" : "\(kind.count) times"
        let words =
            "succeeded \(times), median \(HistoryWords.duration(kind.median)), longest "
            + HistoryWords.duration(kind.longest)
        return ColumnChart(
            title: "\(kind.action) \(kind.resource)", words: words, kind: RunBars.kind(of: kind.action),
            columns: columns.reversed())
    }
}
