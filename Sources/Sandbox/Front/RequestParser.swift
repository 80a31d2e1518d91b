import AWS

/// A request as it was received.
struct ReceivedRequest: Sendable, Equatable {
    var method: String
    /// As sent, percent-encoding and all.
    var path: String
    var query: String
    var headers: [HTTPHeader]
    var body: [UInt8] = []

    /// The value of a header that occurs once.
    func header(_ name: String) -> String? {
        let found = headers.filter { $0.name.lowercased() == name }
        return found.count == 1 ? found[0].value : nil
    }

    var closesConnection: Bool { header("connection")?.lowercased() == "close" }
}

/// Reads HTTP/1.1 requests from the bytes of a connection: strict (RFC 9112) and bounded. Bodies need Content-Length.
struct RequestParser: Sendable {
    private var buffer: [UInt8] = []
    private var head: ReceivedRequest?
    private var length = 0

    private static let longestHead = 16_384
    private static let mostHeaders = 64
    private static let longestBody = 1_048_576

    mutating func add(_ bytes: [UInt8]) { buffer += bytes }

    /// Whether the client waits for leave to send the body (`Expect: 100-continue`).
    var awaitsContinue: Bool { head?.header("expect")?.lowercased() == "100-continue" && buffer.isEmpty }

    /// The next request, or nil while it is not complete.
    mutating func next() throws(RequestError) -> ReceivedRequest? {
        if head == nil {
            guard let end = endOfHead() else {
                if buffer.count > Self.longestHead { throw .longHead }
                return nil
            }
            guard end <= Self.longestHead else { throw .longHead }
            let request = try Self.parse(Array(buffer[..<end]))
            length = try Self.bodyLength(request)
            head = request
            buffer.removeFirst(end + 4)
        }
        guard var request = head, buffer.count >= length else { return nil }
        request.body = Array(buffer[..<length])
        buffer.removeFirst(length)
        head = nil
        return request
    }

    /// Where the empty line begins that ends the head.
    private func endOfHead() -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...buffer.count - 4).first { index in
            buffer[index] == 13 && buffer[index + 1] == 10 && buffer[index + 2] == 13 && buffer[index + 3] == 10
        }
    }

    private static func parse(_ bytes: [UInt8]) throws(RequestError) -> ReceivedRequest {
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw .malformed("the head is not text")
        }
        // "\r\n" is one Character, so a lone CR or LF stays inside a line and is found there.
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard lines.allSatisfy({ line in !line.utf8.contains { $0 == 13 || $0 == 10 } }) else {
            throw .malformed("a line of the head ends without CR LF")
        }
        let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0].utf8.allSatisfy(isTokenByte), words[1].hasPrefix("/") else {
            throw .malformed("the request line is malformed")
        }
        guard words[2] == "HTTP/1.1" else { throw RequestError(status: 505, message: "only HTTP/1.1 is spoken here") }
        guard lines.count <= mostHeaders else { throw .longHead }
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var request = ReceivedRequest(
            method: String(words[0]), path: String(target[0]), query: target.count > 1 ? String(target[1]) : "",
            headers: [])
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed("a header has no colon") }
            let name = line[..<colon]
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
                throw .malformed("a header's name is malformed")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            let end = value.lastIndex { $0 != " " && $0 != "\t" }
            request.headers.append(HTTPHeader(String(name), end.map { String(value[...$0]) } ?? ""))
        }
        return request
    }

    private static func bodyLength(_ request: ReceivedRequest) throws(RequestError) -> Int {
        let names = request.headers.map { $0.name.lowercased() }
        guard !names.contains("transfer-encoding") else {
            throw RequestError(status: 501, message: "bodies are taken with Content-Length only")
        }
        let lengths = names.filter { $0 == "content-length" }.count
        guard lengths > 0 else { return 0 }
        guard let text = request.header("content-length"), text.utf8.allSatisfy({ (48...57).contains($0) }),
            !text.isEmpty
        else { throw .malformed("Content-Length is malformed") }
        guard let length = Int(text), length <= longestBody else { throw .tooLarge }
        return length
    }

    /// A byte of a token (RFC 9110, section 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// Why a request is answered before it is understood. The connection is closed after it.
struct RequestError: Error, Sendable, Equatable {
    let status: Int
    let message: String

    static let tooLarge = RequestError(status: 413, message: "the body is larger than 1 MiB")
    static let longHead = RequestError(status: 431, message: "the request's head is longer than 16 KiB")

    static func malformed(_ message: String) -> RequestError { RequestError(status: 400, message: message) }
}
