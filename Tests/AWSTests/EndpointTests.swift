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
            ("https://my_host.example.:8443", "my_host.example.:8443"),
            ("https://10.1.2.3", "10.1.2.3"), ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
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

    @Test(
        "a host that no server can have is refused before anything is sent, without a password that is before it",
        arguments: [
            "https://a b", "https://a%20b", "https://b\u{fc}cher.example", "https://a..b", "https://.a", "http://[::1",
            "http://[::1]x", "https://[x]", "https://[]", "https://-a.example", "https://a-.example", "https://a\tb",
            "https://" + String(repeating: "a", count: 64) + ".example", "https://user:secret@x", "https://1.2.3",
            "https://256.1.1.1", "https://" + String(repeating: "a.", count: 127) + "a", "https://a\u{0}b",
            "https://a,b",
        ])
    func hosts(text: String) {
        let error = #expect(throws: EndpointError.self) { try Endpoint(text) }
        #expect(error?.description.contains("secret") == false)
        #expect(error?.description.contains("is not an endpoint") == true)
    }
}
