/// How far a sandbox is away: what is sent to it comes later, and so does its answer.
struct Distance: Sendable {
    /// There and back.
    let latency: Duration

    /// A handler that is at the other end.
    func between(_ handler: @escaping RequestHandler) -> RequestHandler {
        if latency == .zero { return handler }
        return { request in
            await travel()
            let answer = await handler(request)
            await travel()
            return answer
        }
    }

    /// One way. A sandbox that ends does not wait for it.
    private func travel() async {
        do { try await Task.sleep(for: latency / 2) } catch {}
    }
}
