import AWS
import JSON
import Testing
import Time

@testable import Sandbox

/// The fence over a real socket.
@Suite struct FenceTests {
    private static let list = "AmazonEC2ContainerServiceV20141113.ListClusters"

    /// A signed request that is changed on its way.
    private func send(
        to server: SandboxServer, credentials: Credentials? = nil, region: String = "us-east-1", skew: Int64 = 0,
        service: String = "ecs", change: (inout HTTPRequest) -> Void = { _ in }
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(
            method: "POST", endpoint: try Endpoint(server.endpoint),
            headers: [HTTPHeader("X-Amz-Target", Self.list), HTTPHeader("Content-Type", "application/x-amz-json-1.1")],
            body: Array("{}".utf8))
        let signer = SigV4(credentials: credentials ?? server.credentials, region: region, service: service)
        let now = MachineClock.timestamp(MachineClock.milliseconds).advanced(by: skew)
        request.headers = signer.sign(request, at: now)
        change(&request)
        return try await RawClient.send(request, to: server)
    }

    private func code(_ response: HTTPResponse) throws -> String? { try JSON.parse(response.body)["__type"]?.string }

    @Test func `a call with a good signature is answered in AWS's form`() async throws {
        try await Sandboxed.run { server in
            let response = try await send(to: server)
            #expect(response.status == 200)
            #expect(response.header("content-type") == "application/x-amz-json-1.1")
            #expect(response.header("x-amzn-requestid")?.count == 36)
            #expect(response.date != nil)
            #expect(try JSON.parse(response.body)["clusterArns"]?.elements.count == 1)
        }
    }

    @Test func `a call without a signature, with a wrong one, or for something else is refused`() async throws {
        try await Sandboxed.run { server in
            let key = server.credentials.accessKeyID
            let stranger = Credentials(accessKeyID: "AKIASTRANGER", secretAccessKey: "x")
            let liar = Credentials(accessKeyID: key, secretAccessKey: "x")
            let token = Credentials(
                accessKeyID: key, secretAccessKey: server.credentials.secretAccessKey, sessionToken: "t")
            let invalid = "InvalidSignatureException"
            func check(_ response: HTTPResponse, _ wanted: String, _ place: Int = #line) throws {
                #expect(response.status == 400, "line \(place)")
                #expect(try code(response) == wanted, "line \(place)")
            }
            try check(
                try await send(to: server) { $0.headers.removeAll { $0.name == "Authorization" } },
                "MissingAuthenticationTokenException")
            try check(try await send(to: server, credentials: stranger), "UnrecognizedClientException")
            try check(try await send(to: server, credentials: token), "UnrecognizedClientException")
            try check(try await send(to: server, credentials: liar), invalid)
            try check(try await send(to: server, region: "eu-west-1"), invalid)
            try check(try await send(to: server, service: "ecr"), invalid)
            try check(try await send(to: server) { $0.body = Array("{ }".utf8) }, invalid)
            try check(try await send(to: server) { $0.path = "/x" }, invalid)
            try check(try await send(to: server) { $0.headers.append(HTTPHeader("X-Amz-Extra", "1")) }, invalid)
            try check(
                try await send(to: server) { request in
                    for index in request.headers.indices where request.headers[index].name == "X-Amz-Target" {
                        request.headers[index].value = "AmazonEC2ContainerServiceV20141113.ListServices"
                    }
                }, invalid)
            try check(
                try await send(to: server) { $0.headers = [HTTPHeader("Authorization", "Basic eDp5")] + $0.headers },
                "MissingAuthenticationTokenException")
        }
    }

    @Test(arguments: [-4_000, 4_000] as [Int64])
    func `a signature more than five minutes off is refused`(skew: Int64) async throws {
        try await Sandboxed.run { server in
            let response = try await send(to: server, skew: skew)
            let answer = try JSON.parse(response.body)
            #expect(answer["__type"] == "InvalidSignatureException")
            let wanted = skew < 0 ? "Signature expired" : "Signature not yet current"
            #expect(answer["message"]?.string?.hasPrefix(wanted) == true)
        }
    }

    @Test func `a name that only DNS binds to this machine is refused for pages and calls`() async throws {
        try await Sandboxed.run { server in
            for method in ["GET", "POST"] {
                let text = "\(method) / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                let response = try await RawClient.send(Array(text.utf8), to: server)
                #expect(response.status == 403)
            }
        }
    }

    @Test func `a body over the bound is refused unread`() async throws {
        try await Sandboxed.run { server in
            let text = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n"
            let response = try await RawClient.send(Array(text.utf8), to: server)
            #expect(response.status == 413)
        }
    }

    @Test func `the caller's identity is answered and refused in XML`() async throws {
        try await Sandboxed.run { server in
            let body = "Action=GetCallerIdentity&Version=2011-06-15"
            let good = try await send(to: server, service: "sts") { request in
                request.headers = []
                request.body = Array(body.utf8)
                let signer = SigV4(credentials: server.credentials, region: "us-east-1", service: "sts")
                request.headers = signer.sign(request, at: MachineClock.timestamp(MachineClock.milliseconds))
            }
            #expect(good.status == 200)
            #expect(String(decoding: good.body, as: UTF8.self).contains("<Account>123456789012</Account>"))
            let bad = try await send(to: server, service: "sts") { request in
                request.headers = [HTTPHeader("Host", "localhost")]
                request.body = Array(body.utf8)
            }
            #expect(bad.status == 403)
            #expect(String(decoding: bad.body, as: UTF8.self).contains("<Code>MissingAuthenticationToken</Code>"))
        }
    }
}
