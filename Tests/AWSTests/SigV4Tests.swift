import AWS
import Foundation
import JSON
import Testing
import Time

@Suite("Signatures")
struct SigV4Tests {
    @Test("they equal botocore's on 2,000 random requests", .enabled(if: Botocore.isThere, "botocore is not installed"))
    func agreement() throws {
        let cases = try Botocore.cases(seed: UInt32.random(in: 0 ... .max), count: 2_000)
        #expect(cases.count == 2_000)
        for sample in cases {
            let ours = try Self.sign(sample)
            #expect(ours == sample["authorization"]?.string, "\(sample.compact)")
        }
    }

    private static func sign(_ sample: JSON) throws -> String? {
        func text(_ key: String) -> String { sample[key]?.string ?? "" }
        let request = HTTPRequest(
            method: text("method"), endpoint: try Endpoint(text("endpoint")), path: text("path"), query: text("query"),
            headers: (sample["headers"]?.elements ?? []).map {
                HTTPHeader($0.elements[0].string ?? "", $0.elements[1].string ?? "")
            },
            body: Array(text("body").utf8))
        let signer = SigV4(
            credentials: Credentials(
                accessKeyID: text("key"), secretAccessKey: text("secret"), sessionToken: sample["token"]?.string),
            region: text("region"), service: text("service"))
        let now = Timestamp(seconds: Int64(sample["time"]?.integer ?? 0))
        return signer.sign(request, at: now).last { $0.name == "Authorization" }?.value
    }

    @Test("the example of AWS's own test suite, get-vanilla")
    func vanilla() throws {
        let request = HTTPRequest(method: "GET", endpoint: try Endpoint("https://example.amazonaws.com"))
        let signer = SigV4(
            credentials: Credentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "service")
        let headers = signer.sign(request, at: Timestamp(seconds: 1_440_938_160))
        #expect(
            headers.last?.value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    }
}

/// botocore, where the machine has it.
private enum Botocore {
    static let isThere = (try? run(["-c", "import botocore"])) != nil

    static func cases(seed: UInt32, count: Int) throws -> [JSON] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("sign.py")
        let output = try run([script.path, String(seed), String(count)])
        return try output.split(separator: "\n").map { try JSON.parse(String($0)) }
    }

    private struct Failed: Error {}

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: data, as: UTF8.self)
    }
}
