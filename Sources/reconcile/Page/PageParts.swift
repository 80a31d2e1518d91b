import Time

/// A table with a heading. Rows beyond a number are counted and not shown.
struct PageTable {
    struct Row {
        let name: String
        let cells: [HTMLText]
    }

    let title: String
    let note: String
    let columns: [String]
    let rows: [Row]

    private static let most = 200

    var html: HTMLText {
        if rows.isEmpty { return "" }
        let head = columns.map { column -> HTMLText in "<th scope=\"col\">\(column)</th>" }.joined()
        let body = rows.prefix(Self.most).map { row -> HTMLText in
            let cells = zip(columns.dropFirst(), row.cells).map { column, cell -> HTMLText in
                "<td data-column=\"\(column)\">\(cell)</td>"
            }
            return "<tr><th scope=\"row\">\(row.name)</th>\(cells.joined())</tr>\n"
        }
        let left = rows.count - Self.most
        let more: HTMLText = left > 0 ? "<p class=\"quiet\">\(left) more are not shown.</p>\n" : ""
        return """
            <h3>\(title)</h3>
            <p class="quiet">\(note)</p>
            <table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body.joined())</tbody>
            </table>
            \(more)
            """
    }
}

/// A failure as the terminal shows it: what, why, and the next step.
struct FailureView {
    let failure: PageFailure
    let title: String
    /// Where it happened.
    var place: HTMLText = ""
    /// Whether it is of the past.
    var isOver = false

    var html: HTMLText {
        let cause = failure.cause.map { "\(HTMLText($0))\n" as HTMLText }
        let why: HTMLText = cause.isEmpty ? "" : "<pre tabindex=\"0\">\(cause.joined())</pre>\n"
        let commands = failure.hint.dropFirst().map { "<code>\($0)</code>\n" as HTMLText }
        let next: HTMLText =
            failure.hint.isEmpty
            ? ""
            : "<p class=\"next\"><strong>Next:</strong> \(failure.hint[0])</p>\n\(commands.joined())"
        let at: HTMLText = place.written.isEmpty ? "" : "<p class=\"quiet\">\(place)</p>\n"
        return """
            <div class="failure\(isOver ? " over" : "")">
            <h3>\(title)</h3>
            \(at)<p><code class="code">\(failure.code)</code> \(failure.summary)</p>
            \(why)\(next)</div>

            """
    }
}

/// Moments for people.
enum MomentText {
    /// `2026-11-23 01:15:32 UTC`
    static func html(_ time: Timestamp) -> HTMLText {
        let text = time.iso8601
        let day = text.prefix(10)
        return "<time datetime=\"\(text)\">\(day) \(text.dropFirst(11).dropLast()) UTC</time>"
    }
}
