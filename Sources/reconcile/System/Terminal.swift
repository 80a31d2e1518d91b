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

    /// - Returns: whether all of it was written.
    @discardableResult
    static func write(_ text: String, to stream: Stream) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(stream.rawValue, $0.baseAddress, $0.count) }
            // A reader that went away (`| head`) wants no more.
            guard count > 0 || errno == EINTR else { return false }
            bytes = bytes.dropFirst(max(0, count))
        }
        return true
    }

    /// The width of the terminal on standard error, in columns.
    static var width: Int {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
