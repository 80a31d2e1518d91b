import Ledger

/// Runs for people: a block for each, and in it a line for each step.
struct HistoryText {
    let style: Style
    /// Where the runs are recorded.
    let ledger: String

    /// - Parameters:
    ///   - older: how many runs there are next to these.
    ///   - durations: of all runs, these and the older ones.
    func render(_ runs: [HistoryRun], older: Int, durations: [StepDurations]) -> TerminalText {
        var text = runs.map(block).joined(separator: "\n")
        if older > 0 { text += "\n\(style.dim("\(HistoryWords.older(older))"))\n" }
        if !durations.isEmpty { text += "\n" + durations.map { "\(HistoryWords.durations($0))\n" }.joined() }
        return text
    }

    private func block(_ run: HistoryRun) -> TerminalText {
        let end = TerminalText(HistoryWords.end(of: run, in: ledger))
        let colour = run.exit == 0 ? style.green : run.exit == nil ? style.yellow : style.red
        let head: TerminalText =
            "\(style.bold("run \(run.epoch)"))  \(run.environment)  \(run.command)  \(colour(end))\n"
        let release: TerminalText = run.release.map { "  \(HistoryWords.release($0))\n" } ?? ""
        return head + "  \(style.dim("\(HistoryWords.who(run))"))\n" + release + table(run)
    }

    private func table(_ run: HistoryRun) -> TerminalText {
        let rows = run.steps.map { step -> [TerminalText] in
            let cells = [
                step.resource?.description ?? "", step.action, step.result ?? "",
                step.seconds.map(HistoryWords.duration) ?? "", HistoryWords.note(on: step, of: run),
            ]
            return cells.map { TerminalText($0) }
        }
        let widths = (0..<4).map { column in rows.map(\.[column].width).max() ?? 0 }
        return rows.map { row -> TerminalText in
            // A column that no step of the run fills takes no room.
            let cells = row.indices.filter { $0 == 4 || widths[$0] > 0 }.map { column in
                column == 4 ? row[column] : row[column].padded(to: widths[column])
            }
            return "    \(cells.joined(separator: "  ").trimmed)\n"
        }.joined()
    }
}
