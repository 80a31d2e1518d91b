import AWS
import Synchronization
import Testing
import Time

/// Objects of a bucket, on the wire.
@Suite("A bucket")
struct S3Tests {
    /// S3 as a bucket's own region and every other one answer.
    private final class Regions: Transport {
        let sent = Mutex<[HTTPRequest]>([])
        let home: String
        let redirect: HTTPResponse

        init(home: String, redirect status: Int, _ headers: [String: String], _ body: String) {
            self.home = home
            redirect = HTTPResponse(
                status: status, headers: headers.map { HTTPHeader($0.key, $0.value) }, body: Array(body.utf8))
        }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            sent.withLock { $0.append(request) }
            guard request.url.hasPrefix("https://s3.\(home).amazonaws.com/") else { return redirect }
            return HTTPResponse(status: 200, headers: [HTTPHeader("ETag", "\"1\"")], body: Array("{}".utf8))
        }

        var bucket: S3Bucket {
            S3Bucket(
                Caller(
                    settings: Settings(
                        region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s")),
                    transport: self, clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero })),
                name: "books", prefix: "shop/")
        }

        var urls: [String] { sent.withLock { $0.map(\.url) } }
    }

    private static func xml(_ code: String, _ more: String = "") -> String {
        "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>m</Message>\(more)</Error>"
    }

    @Test(
        "in another region is found where S3 says that it is, and is asked there from then on",
        arguments: [
            (301, ["x-amz-bucket-region": "eu-west-1"], xml("PermanentRedirect")),
            (307, ["x-amz-bucket-region": "eu-west-1"], xml("TemporaryRedirect")),
            (400, [:], xml("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")),
        ])
    func elsewhere(status: Int, headers: [String: String], body: String) async throws {
        let regions = Regions(home: "eu-west-1", redirect: status, headers, body)
        let bucket = regions.bucket
        #expect(try await bucket.put("entries/1", Array("{}".utf8), if: .absent) == .done(etag: "\"1\""))
        #expect(try await bucket.get("entries/1")?.etag == "\"1\"")
        let path = "/books/shop/entries/1"
        #expect(
            regions.urls == [
                "https://s3.us-east-1.amazonaws.com" + path, "https://s3.eu-west-1.amazonaws.com" + path,
                "https://s3.eu-west-1.amazonaws.com" + path,
            ])
        let last = regions.sent.withLock { $0.last?.headers.first { $0.name == "Authorization" }?.value }
        #expect(last?.contains("/eu-west-1/s3/aws4_request") == true)
    }

    @Test("is not looked for where no region's name is", arguments: ["", "evil.example/", "eu west", "EU-WEST-1"])
    func noRegion(name: String) async throws {
        let regions = Regions(
            home: "eu-west-1", redirect: 301, ["x-amz-bucket-region": name], Self.xml("PermanentRedirect"))
        await #expect(throws: AWSError.self) { try await regions.bucket.get("entries/1") }
        #expect(regions.urls.count == 1)
    }

    @Test("is written on a condition, without a checksum of its own, and once")
    func written() async throws {
        for (condition, header) in [
            (S3Bucket.Condition.absent, ("If-None-Match", "*")), (.unchanged(etag: "\"7\""), ("If-Match", "7")),
        ] {
            let regions = Regions(home: "us-east-1", redirect: 500, [:], "")
            _ = try await regions.bucket.put("leases/a", Array("{}".utf8), if: condition)
            let request = try #require(regions.sent.withLock { $0.count == 1 ? $0.first : nil })
            #expect(request.method == "PUT" && request.isMutating)
            #expect(request.headers.contains { ($0.name, $0.value) == header })
            #expect(!request.headers.contains { $0.name.lowercased().hasPrefix("x-amz-checksum") })
            #expect(!request.headers.contains { $0.name.lowercased().hasPrefix("x-amz-sdk-checksum") })
        }
    }

    @Test(
        "says what became of a write: done, in conflict, or nothing that can be relied on",
        arguments: [
            (409, xml("ConditionalRequestConflict"), "conflict"), (412, xml("PreconditionFailed"), "conflict"),
            (404, xml("NoSuchKey"), "conflict"), (500, xml("InternalError"), "unknown"),
            (503, xml("SlowDown"), "unknown"), (403, xml("AccessDenied"), "refused"),
            (408, "<html>Request Timeout</html>", "unknown"), (200, "", "unknown"),
        ])
    func outcome(status: Int, body: String, expected: String) async throws {
        let regions = Regions(home: "nowhere", redirect: status, [:], body)
        let outcome: String
        do {
            outcome =
                try await regions.bucket.put("leases/a", [1], if: .unchanged(etag: "\"1\"")) == .conflict
                ? "conflict" : "done"
        } catch {
            outcome = error.mayHaveHadEffect || error.isTransient ? "unknown" : "refused"
        }
        #expect(outcome == expected)
    }
}
