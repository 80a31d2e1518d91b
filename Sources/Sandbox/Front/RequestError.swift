/// Why a request is answered before it is understood. The connection is closed after it.
struct RequestError: Error, Sendable, Equatable {
    let status: Int
    let message: String

    static let tooLarge = RequestError(status: 413, message: "the body is larger than 1 MiB")
    static let longHead = RequestError(status: 431, message: "the request's head is longer than 16 KiB")

    static func malformed(_ message: String) -> RequestError { RequestError(status: 400, message: message) }
}
