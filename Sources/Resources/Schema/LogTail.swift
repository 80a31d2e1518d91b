/// The end of a program's log.
struct LogTail: Sendable, Equatable {
    /// The last lines, as they may be shown.
    var lines: [String] = []
    /// What the program has said of the database's version, in the last line that says anything of it.
    var answer: ProbeAnswer?
}
