import Dispatch
import Glibc

/// Turns SIGINT and SIGTERM into the cancellation of a task, so that what is under way can be recorded before the end.
final class Interrupts {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter cancel: called at the first signal; a second one ends the process at once.
    init(_ cancel: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                signal(number, SIG_DFL)
                cancel()
            }
            source.resume()
            return source
        }
    }
}
