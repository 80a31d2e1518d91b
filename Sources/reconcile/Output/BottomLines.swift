/// The lines at the bottom of a terminal that are drawn again and again.
struct BottomLines {
    /// The columns of each line as it was drawn.
    private var drawn: [Int] = []

    /// Replaces the lines: takes the old ones away, writes what is to stay, and draws the new ones.
    ///
    /// A line that wraps would be two, and the cursor would not come back to the first: each is cut before the last column,
    /// and no more are drawn than fit.
    mutating func replace(with lines: [TerminalText], above text: TerminalText, on size: Terminal.Size) -> TerminalText
    {
        let rows = rows(on: size)
        var out: TerminalText = rows > 0 ? "\u{1B}[\(rows)A\r\u{1B}[J" : ""
        out += text
        let shown = lines.prefix(max(1, size.height - 1)).map { $0.clipped(to: max(1, size.width - 1)) }
        for line in shown { out += "\(line)\n" }
        drawn = shown.map(\.width)
        return out
    }

    /// What the lines take now: a terminal that was made narrower since has wrapped them.
    private func rows(on size: Terminal.Size) -> Int {
        drawn.reduce(0) { $0 + max(1, ($1 + size.width - 1) / size.width) }
    }
}
