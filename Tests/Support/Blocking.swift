import Dispatch

/// For a hook that is called on a thread which may block.
public enum Blocking {
    /// Does it, however long that takes.
    ///
    /// - Returns: true, so that a hook can end with it.
    @discardableResult
    public static func wait(for work: @escaping @Sendable () async -> Void) -> Bool {
        let done = DispatchSemaphore(value: 0)
        Task {
            await work()
            done.signal()
        }
        done.wait()
        return true
    }
}
