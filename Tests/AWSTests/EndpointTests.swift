import AWS
import Testing

@Suite("Endpoints")
struct EndpointTests {
    @Test(
        "https anywhere, http on this machine",
        arguments: [
            ("https://ecs.us-east-1.amazonaws.com", "ecs.us-east-1.amazonaws.com"), ("HTTPS://A.example/", "a.example"),
            ("http://127.0.0.1:4566", "127.0.0.1:4566"), ("http://localhost:80", "localhost"),
            ("https://x.example:443", "x.example"), ("http://[::1]:99", "[::1]:99"),
            ("http://sandbox.localhost:1", "sandbox.localhost:1"),
        ])
    func accepted(text: String, authority: String) throws {
        #expect(try Endpoint(text).authority == authority)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "ecs", "ftp://x", "http://example.com", "http://127.0.0.1.evil.example", "http://127.evil.example",
            "https://", "https://x:0", "https://x:99999", "https://x/path", "https://user@x", "https://x?y",
            "http://169.254.169.254", "http://127.0.0.1@evil.example", "http://localhost.evil.example",
        ])
    func refused(text: String) {
        #expect(throws: EndpointError.self) { try Endpoint(text) }
    }
}
