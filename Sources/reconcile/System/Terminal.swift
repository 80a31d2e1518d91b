import Base
import Glibc
import Synchronization

/// Where text goes: results to standard output, talk to standard error.
struct Terminal: Sendable {
    enum Stream: Int32, Sendable {
        case out = 1
        case error = 2
    }

    let isTerminal: Bool
    let hasColour: Bool

    /// - Parameter stream: the stream whose nature is asked for.
    init(_ stream: Stream, environment: [String: String], noColor: Bool) {
        isTerminal = isatty(stream.rawValue) == 1 && environment["TERM"] != "dumb"
        // NO_COLOR counts where it is set and not empty (no-color.org).
        hasColour = isTerminal && !noColor && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Whether a person can answer on standard input.
    static var canAsk: Bool { isatty(0) == 1 && isatty(Stream.error.rawValue) == 1 }

    private struct Result {
        /// Why standard output took no more.
        var refusal: Int32?
        var isBegun = false
    }

    private static let result = Mutex(Result())

    /// After a result could not be written nothing more is: what comes later would be taken for the whole.
    ///
    /// - Parameter isFenced: whether the runner of GitHub Actions takes nothing for a command now.
    static func write(_ text: TerminalText, to stream: Stream, isFenced: Bool = false) {
        put(Machine.isGitHubRunner && !isFenced ? WorkflowCommand.neutralised(text.written) : text.written, to: stream)
    }

    static func write(_ command: WorkflowCommand, to stream: Stream) { put(command.line, to: stream) }

    /// Writes what quotes the output of programs: on GitHub Actions between the lines of a fence.
    static func writeFenced(_ text: TerminalText, to stream: Stream) {
        let fence = WorkflowCommand.Fence()
        put(Machine.isGitHubRunner ? fence.start.line + text.written + fence.end.line : text.written, to: stream)
    }

    private static func put(_ text: String, to stream: Stream) {
        guard stream == .out else {
            _ = Descriptor.write(Array(text.utf8), to: stream.rawValue)
            return
        }
        result.withLock { result in
            result.isBegun = true
            if result.refusal == nil { result.refusal = Descriptor.write(Array(text.utf8), to: stream.rawValue) }
        }
    }

    /// What has to stand before a block of Markdown: a table goes on to the next empty line.
    static var gap: TerminalText { result.withLock(\.isBegun) ? "\n" : "" }

    /// The failure of a result that is not whole where it was written.
    ///
    /// A reader that went away (`| head`) has all that it wanted: that is none.
    static var lostResult: Failure? {
        guard let reason = result.withLock(\.refusal), reason != EPIPE else { return nil }
        return Failure(
            .outputUnwritable, "the result cannot be written to standard output: \(String(cString: strerror(reason)))",
            hint: "write it to another place; see what was done: reconcile history MANIFEST")
    }

    /// In columns and rows.
    struct Size: Equatable {
        let width: Int
        let height: Int
    }

    /// Of the terminal on a stream; 80 by 24 where it does not say.
    static func size(of stream: Stream = .error) -> Size {
        var size = winsize()
        guard ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return Size(width: 80, height: 24)
        }
        return Size(width: Int(size.ws_col), height: size.ws_row > 0 ? Int(size.ws_row) : 24)
    }
}
