import FlyingSocks
import Glibc
import Synchronization

/// Waits for sockets on a thread of its own, and resumes those who wait for them.
///
/// FlyingSocks' own pool waits on a thread of the pool that Swift's tasks run on: on a machine with two cores that is half
/// of it, and everything else stalls by the second until the system notices (seen with two sandboxes in one process).
final class SocketWatch: AsyncSocketPool {
    private struct Waiter {
        let events: Socket.Events
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        /// By descriptor: a connection is served by one task, which waits for one thing at a time.
        var waiters: [Int32: Waiter] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())
    /// A byte into `wakeIn` makes the thread look at the waiters again.
    private let wakeOut: Int32
    private let wakeIn: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SocketError.makeFailed("pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (wakeOut, wakeIn) = (ends[0], ends[1])
    }

    deinit {
        close(wakeOut)
        close(wakeIn)
    }

    /// Starts the thread. It ends with ``stop()``.
    func prepare() throws {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<SocketWatch>.fromOpaque(context).takeRetainedValue().watch() }
                return nil
            }, context)
        guard code == 0 else {
            Unmanaged<SocketWatch>.fromOpaque(context).release()
            throw SocketError.makeFailed("pthread_create")
        }
        pthread_detach(thread)
    }

    /// Not needed: the thread runs since ``prepare()``.
    func run() async throws {}

    /// Ends all waiting, now and later.
    func stop() {
        let waiters = state.withLock { state in
            state.isStopped = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.continuation.resume(throwing: CancellationError()) }
        wake()
    }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        let file = socket.file.rawValue
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isWaiting = state.withLock { state in
                    // A cancellation that comes after this look finds the waiter.
                    guard !state.isStopped, !Task.isCancelled, state.waiters[file] == nil else { return false }
                    state.waiters[file] = Waiter(events: events, continuation: continuation)
                    return true
                }
                if isWaiting { wake() } else { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: file) }
            // The thread lets go of the socket: until it does, closing the descriptor does not end the connection.
            if waiter != nil { wake() }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func wake() {
        var byte: UInt8 = 0
        // A full pipe wakes the thread just as well.
        _ = write(wakeIn, &byte, 1)
    }

    private func watch() {
        var scratch = [UInt8](repeating: 0, count: 256)
        while let waiting = state.withLock({ $0.isStopped ? nil : $0.waiters.mapValues(\.events) }) {
            var polled = [pollfd(fd: wakeOut, events: Int16(POLLIN), revents: 0)]
            for (file, events) in waiting {
                let wanted = (events.contains(.read) ? POLLIN : 0) | (events.contains(.write) ? POLLOUT : 0)
                polled.append(pollfd(fd: file, events: Int16(wanted), revents: 0))
            }
            guard Glibc.poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
            while read(wakeOut, &scratch, scratch.count) == scratch.count {}
            for ready in polled.dropFirst() where ready.revents != 0 {
                // Also an error or a hang-up makes it ready: the next call on the socket tells which.
                let waiter = state.withLock { $0.waiters.removeValue(forKey: ready.fd) }
                waiter?.continuation.resume()
            }
        }
    }
}
