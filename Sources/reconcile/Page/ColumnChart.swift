import Time

/// Durations side by side, the oldest first. A failed one is hollow and dashed.
struct ColumnChart {
    struct Column {
        let seconds: Int64
        let hasFailed: Bool
        let began: Timestamp
    }

    let title: String
    /// What the numbers are, in a sentence.
    let words: String
    let kind: String
    let columns: [Column]

    private static let height: Int64 = 64
    /// A single column does not fill the width.
    private static let leastColumns = 16

    func html(id: String) -> HTMLText {
        guard let first = columns.first, let last = columns.last else { return "" }
        let most = max(1, columns.map(\.seconds).max() ?? 1)
        let slot = 10_000 / Int64(max(columns.count, Self.leastColumns))
        let bars = columns.enumerated().map { index, column in
            let tall = max(2, column.seconds * Self.height / most)
            return """
                <rect class="\(column.hasFailed ? "failed" : kind)" x="\(Share.percent(Int64(index) * slot + slot / 8))" \
                y="\(Self.height - tall)" width="\(Share.percent(slot * 3 / 4))" height="\(tall)" rx="2"/>
                """ as HTMLText
        }
        let values = columns.map { HistoryWords.duration($0.seconds) + ($0.hasFailed ? " (failed)" : "") }
        let days = [first, last].map { String($0.began.iso8601.prefix(10)) }
        return """
            <figure>
            <figcaption><strong>\(title)</strong><span class="quiet">\(words)</span></figcaption>
            <svg role="img" aria-labelledby="\(id)-t \(id)-d" width="100%" height="\(Self.height + 1)">\
            <title id="\(id)-t">Durations of \(title)</title>\
            <desc id="\(id)-d">Oldest first: \(values.joined(separator: ", "))</desc>\
            <line class="base" x1="0" x2="100%" y1="\(Self.height)" y2="\(Self.height)"/>\
            \(bars.joined())</svg>
            <p class="axis"><span>\(days[0] == days[1] ? days[0] : "\(days[0]) to \(days[1])")</span>\
            <span>tallest \(HistoryWords.duration(most))</span></p>
            </figure>

            """
    }
}
