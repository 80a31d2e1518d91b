import AWS

/// Stands between the server and what it is made of, which must exist before it does.
actor ServerLink {
    private let latency: Duration
    private weak var server: SandboxServer?
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter latency: how long a call and its answer are on their way, together.
    init(latency: Duration) { self.latency = latency }

    func connect(_ server: SandboxServer) {
        self.server = server
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func take(_ news: ProcessRunner.News) async { await server?.take(news) }

    func answer(_ request: ReceivedRequest) async -> HTTPResponse {
        await travel()
        if server == nil { await withCheckedContinuation { waiting.append($0) } }
        let response = await server?.answer(request) ?? Answer.plain(500, "the sandbox has ended\n")
        await travel()
        return response
    }

    /// One way: half of the latency, which a sandbox that ends does not wait for.
    private func travel() async {
        if latency == .zero { return }
        do { try await Task.sleep(for: latency / 2) } catch {}
    }
}
