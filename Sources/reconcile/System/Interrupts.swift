import Dispatch
import Glibc

/// Turns SIGINT, SIGTERM and SIGHUP into the cancellation of a task, so that what is under way can be recorded before the end.
final class Interrupts {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter cancel: called at the first signal; a second one ends the process at once.
    init(_ cancel: @escaping @Sendable () -> Void) {
        // What a parent has made this process ignore, as nohup does, stays ignored.
        sources = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }.map { number in
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

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard number == SIGHUP, sigaction(number, nil, &action) == 0 else { return false }
        let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
