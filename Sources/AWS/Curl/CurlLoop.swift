import CCurl
import Glibc
import Synchronization

/// The thread that owns libcurl's multi handle. Others hand it commands; it alone touches handles and resumes waiters.
final class CurlLoop: Sendable {
    enum Command: Sendable {
        case start(CurlTransfer)
        case cancel(CurlTransfer)
        case stop
    }

    private struct Queue {
        var commands: [Command] = []
        var isStopped = false
    }

    /// The handle crosses threads for `curl_multi_wakeup` alone, the one function that libcurl allows from any thread.
    private struct Multi: @unchecked Sendable {
        let handle: UnsafeMutableRawPointer
    }

    private let queue = Mutex(Queue())
    private let multi: Multi

    private static let isInitialised: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() {
        precondition(Self.isInitialised, "libcurl did not initialise")
        guard let handle = curl_multi_init() else { preconditionFailure("libcurl gave no multi handle") }
        multi = Multi(handle: handle)
        ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, 64)
        start()
    }

    /// Queues a command and wakes the thread. A transfer submitted after the stop ends at once as cancelled.
    func submit(_ command: Command) {
        let accepted = queue.withLock { queue in
            guard !queue.isStopped else { return false }
            queue.commands.append(command)
            if case .stop = command { queue.isStopped = true }
            // Within the lock, so that the handle still lives: the thread frees it only after it has seen the stop.
            curl_multi_wakeup(multi.handle)
            return true
        }
        if !accepted, case .start(let transfer) = command { transfer.end(.failure(.stopped)) }
    }

    func stop() { submit(.stop) }

    private func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        precondition(code == 0, "no thread for libcurl: errno \(code)")
        pthread_detach(thread)
    }

    private func run() {
        var active: [UnsafeMutableRawPointer: CurlTransfer] = [:]
        var isRunning = true
        while isRunning {
            for command in takeCommands() {
                switch command {
                case .start(let transfer): begin(transfer, &active)
                case .cancel(let transfer): abort(transfer, &active)
                case .stop: isRunning = false
                }
            }
            var running: Int32 = 0
            curl_multi_perform(multi.handle, &running)
            finishTransfers(&active)
            if isRunning { curl_multi_poll(multi.handle, nil, 0, 1_000, nil) }
        }
        for (handle, transfer) in active {
            curl_multi_remove_handle(multi.handle, handle)
            transfer.end(.failure(.stopped))
        }
        curl_multi_cleanup(multi.handle)
    }

    private func takeCommands() -> [Command] {
        queue.withLock { queue in
            defer { queue.commands.removeAll() }
            return queue.commands
        }
    }

    private func begin(_ transfer: CurlTransfer, _ active: inout [UnsafeMutableRawPointer: CurlTransfer]) {
        // A cancellation may overtake its start; the mark on the transfer is what counts.
        guard !transfer.isCancelled else { return transfer.end(.failure(.cancelled)) }
        guard let handle = transfer.prepare() else {
            return transfer.end(.failure(TransportError(.unreachable, "libcurl gave no handle")))
        }
        active[handle] = transfer
        curl_multi_add_handle(multi.handle, handle)
    }

    private func abort(_ transfer: CurlTransfer, _ active: inout [UnsafeMutableRawPointer: CurlTransfer]) {
        guard let handle = transfer.handle, active.removeValue(forKey: handle) != nil else { return }
        curl_multi_remove_handle(multi.handle, handle)
        transfer.end(.failure(.cancelled))
    }

    private func finishTransfers(_ active: inout [UnsafeMutableRawPointer: CurlTransfer]) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = ccurl_message_handle(message) else { continue }
            let code = ccurl_message_result(message)
            curl_multi_remove_handle(multi.handle, handle)
            active.removeValue(forKey: handle)?.finish(code)
        }
    }
}

extension TransportError {
    static let cancelled = TransportError(.cancelled, "the request was cancelled")
    static let stopped = TransportError(.cancelled, "the connection pool was closed")
}
