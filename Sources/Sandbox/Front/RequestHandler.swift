import AWS

/// Answers one request.
typealias RequestHandler = @Sendable (ReceivedRequest) async -> HTTPResponse
