/// The end of a program's log.
struct LogTail: Sendable, Equatable {
    /// The last lines, as they may be shown.
    var lines: [String] = []
    /// What the program has said of the database's version, in the last line that says anything of it.
    var answer: ProbeAnswer?
    /// Whether these are its last lines.
    var end = LogEnd.complete

    static let kept = 20

    /// Forgets all but the last lines.
    mutating func trim() { lines.removeFirst(max(0, lines.count - Self.kept)) }
}

/// How far a log was read.
enum LogEnd: Sendable, Equatable {
    /// More may come.
    case open
    /// It was read to its end, or the container has no readable log.
    case complete
    /// Its end could not be read: why.
    case unread(String)
}
