import CCurl

/// The production transport: libcurl's multi interface on one thread of its own, connections kept and reused.
///
/// Cancelling the calling task aborts its transfer. TLS is always verified. Nothing is retried and no redirect followed.
public final class CurlTransport: Transport {
    private let loop: CurlLoop
    private let limits: TransferLimits
    private let certificateBundle: String?
    private let userAgent: String

    /// - Parameter certificateBundle: a PEM file of trusted authorities instead of the system's (`AWS_CA_BUNDLE`).
    public init(limits: TransferLimits = TransferLimits(), certificateBundle: String? = nil, userAgent: String) {
        self.loop = CurlLoop()
        self.limits = limits
        self.certificateBundle = certificateBundle
        self.userAgent = userAgent
    }

    deinit { loop.stop() }

    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let transfer = CurlTransfer(
            request, limits: limits, certificateBundle: certificateBundle, userAgent: userAgent)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.onEnd(continuation)
                loop.submit(.start(transfer))
            }
        } onCancel: {
            transfer.markCancelled()
            loop.submit(.cancel(transfer))
        }
        return try result.get()
    }
}
