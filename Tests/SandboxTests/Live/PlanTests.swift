import Testing

@testable import Sandbox

@Suite struct PlanTests {
    @Test(
        arguments: [
            ("app", "app", nil, nil), ("app:v1", "app", "v1", nil), ("team/app:v1", "team/app", "v1", nil),
            ("123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:v1", "team/app", "v1", nil),
            ("localhost:5000/app@sha256:ab", "app", nil, "sha256:ab"), ("app:v1@sha256:ab", "app", "v1", "sha256:ab"),
        ] as [(String, String, String?, String?)])
    func `a reference is read without its registry`(text: String, repository: String, tag: String?, digest: String?) {
        let reference = ImageReference(text)
        #expect(reference.repository == repository)
        #expect(reference.tag == tag)
        #expect(reference.digest == digest)
    }

    @Test func `the digest of an image tells of content, names and modes and of nothing else`() throws {
        let (left, right) = (try Sandboxed(), try Sandboxed())
        for sandbox in [left, right] {
            try sandbox.program("app/v1", "serve", "echo 1")
            try sandbox.program("app/v2", "serve", "echo 2")
        }
        let stores = [left, right].map { ImageStore(root: "\($0.directory)/images") }
        #expect(try stores[0].tags(of: "app") == stores[1].tags(of: "app"))
        #expect(try Set(stores[0].tags(of: "app")?.values.map(\.self) ?? []).count == 2)
        try right.program("app/v1", "serve", "echo 3")
        #expect(try stores[0].tags(of: "app")?["v1"] != stores[1].tags(of: "app")?["v1"])
        #expect(try stores[0].tags(of: "..") == nil)
        try left.remove()
        try right.remove()
    }

    @Test func `lines are cut where they end whatever the pieces in which they come`() {
        var splitter = LineSplitter()
        var lines: [String] = []
        for byte in "one\r\ntwo\n\nhälf".utf8 { lines += splitter.add([byte]) }
        #expect(lines + splitter.finish() == ["one", "two", "", "hälf"])
        #expect(splitter.add([UInt8](repeating: 97, count: 20_000)).map(\.utf8.count) == [16_384])
        #expect(splitter.finish().map(\.utf8.count) == [3_616])
        #expect(splitter.finish().isEmpty)
    }
}
