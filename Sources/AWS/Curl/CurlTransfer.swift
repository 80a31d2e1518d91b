import CCurl
import Synchronization

/// One request on its way. Made by a caller, then handed to the loop's thread, which alone uses it from there on.
///
/// `@unchecked Sendable`: everything mutable is touched by the loop's thread only, but for `cancelled`, an atomic, and
/// `waiter`, which is set before the transfer is submitted.
final class CurlTransfer: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, TransportError>

    private let request: HTTPRequest
    private let limits: TransferLimits
    private let certificateBundle: String?
    private let userAgent: String
    private let cancelled = Atomic(false)

    private(set) var handle: UnsafeMutableRawPointer?
    private var waiter: CheckedContinuation<Outcome, Never>?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var headers: [HTTPHeader] = []
    private var body: [UInt8] = []
    private var isTooLarge = false
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init(_ request: HTTPRequest, limits: TransferLimits, certificateBundle: String?, userAgent: String) {
        self.request = request
        self.limits = limits
        self.certificateBundle = certificateBundle
        self.userAgent = userAgent
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
    func markCancelled() { cancelled.store(true, ordering: .releasing) }
    func onEnd(_ continuation: CheckedContinuation<Outcome, Never>) { waiter = continuation }

    /// Frees the handle, on the loop's thread that used it, and resumes the caller, once.
    func end(_ outcome: Outcome) {
        if let handle { curl_easy_cleanup(handle) }
        handle = nil
        waiter?.resume(returning: outcome)
        waiter = nil
    }

    /// Makes the easy handle, ready to be added to the multi handle.
    func prepare() -> UnsafeMutableRawPointer? {
        guard let easy = curl_easy_init() else { return nil }
        handle = easy
        setTarget(easy)
        setSecurity(easy)
        setSinks(easy)
        return easy
    }

    private func setTarget(_ easy: UnsafeMutableRawPointer) {
        ccurl_set_string(easy, CURLOPT_URL, request.url)
        // Without it libcurl rewrites `a/../b` to `b`: another object than the one that was signed.
        ccurl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method)
        if request.isMutating { ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1) }
        if request.method == "HEAD" { ccurl_set_long(easy, CURLOPT_NOBODY, 1) }
        if !request.body.isEmpty {
            ccurl_set_long(easy, CURLOPT_POSTFIELDSIZE, request.body.count)
            request.body.withUnsafeBytes { bytes in
                _ = ccurl_set_pointer(
                    easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        }
        for header in request.headers { headerList = curl_slist_append(headerList, "\(header.name): \(header.value)") }
        // No waiting for `100 Continue`, and no content type that was not asked for.
        headerList = curl_slist_append(headerList, "Expect:")
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            headerList = curl_slist_append(headerList, "Content-Type:")
        }
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, headerList)
        ccurl_set_string(easy, CURLOPT_USERAGENT, userAgent)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limits.connectTimeout)
        ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, timeout)
        // A name server that does not answer would otherwise hold the transfer beyond its time-out.
        ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        if request.timeout != nil { keepAlive(easy) }
        // http_proxy would otherwise be asked for servers on this machine and its link, too.
        if request.endpoint.isLoopback || request.endpoint.isMetadata { ccurl_set_string(easy, CURLOPT_NOPROXY, "*") }
    }

    /// In milliseconds: at least one, because libcurl takes 0 for no bound.
    private var timeout: Int {
        let usual = request.timeout ?? limits.transferTimeout
        return request.remaining.map { max(1, min(usual, Int($0 / .milliseconds(1)))) } ?? usual
    }

    /// Nothing is sent while a long answer is waited for, and gateways in between forget silent connections: a NAT gateway
    /// after 350 seconds. (AWS Lambda Developer Guide, "Invoke a Lambda function synchronously"; Amazon VPC User Guide,
    /// "NAT gateway basics".)
    private func keepAlive(_ easy: UnsafeMutableRawPointer) {
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPIDLE, 60)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPINTVL, 30)
    }

    private func setSecurity(_ easy: UnsafeMutableRawPointer) {
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, request.endpoint.scheme)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        if let certificateBundle { ccurl_set_string(easy, CURLOPT_CAINFO, certificateBundle) }
    }

    private func setSinks(_ easy: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_sink(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.from(context)?.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_sink(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlTransfer.from(context)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Takes a piece of the body; a count other than the piece's makes libcurl give up.
    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= limits.responseSize else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        let line = String(decoding: bytes, as: UTF8.self)
        // An interim answer's headers (100 Continue, a proxy's CONNECT) are followed by the real ones.
        if line.hasPrefix("HTTP/") { headers.removeAll() }
        if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append(HTTPHeader(String(line[..<colon]), String(value.prefix { !$0.isNewline })))
        }
        return bytes.count
    }

    /// Ends the transfer with what libcurl reported.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK, let handle else { return end(.failure(failure(code))) }
        var status = 0
        ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        end(.success(HTTPResponse(status: status, headers: headers, body: body)))
    }

    private func failure(_ code: CURLcode) -> TransportError {
        let detail = String(cString: errorText)
        let message = "\(request.endpoint): " + (detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
            return TransportError(.unreachable, message)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CONNECT_ERROR:
            return TransportError(.untrusted, message)
        case CURLE_OPERATION_TIMEDOUT: return TransportError(.timedOut, message)
        case CURLE_WRITE_ERROR where isTooLarge:
            return TransportError(
                .tooLarge, "\(request.endpoint): the answer is larger than \(limits.responseSize) bytes")
        default: return TransportError(.broken, message)
        }
    }
}

/// What bounds a transfer. Times in milliseconds, sizes in bytes.
public struct TransferLimits: Sendable {
    public var connectTimeout = 5_000
    public var transferTimeout = 30_000
    public var responseSize = 32 << 20

    public init() {}
}
