import AWS
import FoundationEssentials
import Glibc
import JSON
import Support
import Testing
import Time

@testable import Sandbox

/// A sandbox with a directory of its own. The directory of a failed test stays, to be looked at.
struct Sandboxed {
    let directory: String

    static func run(_ body: (SandboxServer) async throws -> Void) async throws {
        let sandbox = try Sandboxed()
        try await sandbox.withServer(body)
        try sandbox.remove()
    }

    init() throws {
        var template = Array("/tmp/sandbox-test-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        directory = path
    }

    /// Starts the sandbox, and stops it whatever happens.
    func withServer(_ body: (SandboxServer) async throws -> Void) async throws {
        var generator = SystemRandomNumberGenerator()
        let server = try await SandboxServer.start(
            directory: directory, credentials: .random(using: &generator))
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    func remove() throws { try FileManager.default.removeItem(atPath: directory) }

    /// Makes a shell script one of an image's programs.
    func program(_ image: String, _ name: String, _ script: String) throws {
        let folder = "\(directory)/images/\(image)/bin"
        try FileTree.makeFolder(folder)
        try FileTree.replace("\(folder)/\(name)", with: Array("#!/bin/sh\n\(script)\n".utf8))
        chmod("\(folder)/\(name)", 0o755)
    }

    func write(_ name: String, _ json: JSON) throws {
        try FileTree.replace("\(directory)/\(name)", with: Array(json.compact.utf8))
    }
}

extension SandboxServer {
    /// Makes a signed call.
    nonisolated func call(_ operation: String, _ input: JSON, of service: AWSModel.Service = .ecs) async throws -> JSON
    {
        var request = HTTPRequest(method: "POST", endpoint: try Endpoint(endpoint), body: Array(input.compact.utf8))
        request.headers = [HTTPHeader("X-Amz-Target", "\(service.targetPrefix ?? "").\(operation)")]
        let signer = SigV4(credentials: credentials, region: region, service: service.rawValue)
        request.headers = signer.sign(request, at: MachineClock.timestamp(MachineClock.milliseconds))
        let response = try await RawClient.send(request, to: self)
        let answer = try JSON.parse(response.body)
        guard response.status == 200 else {
            throw ECSFault(answer["__type"]?.string ?? "", answer["message"]?.string ?? "", status: response.status)
        }
        return answer
    }

    /// Asks until the answer is as wanted; gives up, and says what it saw last, when long asking has not helped.
    nonisolated func until(
        _ operation: String, _ input: JSON, of service: AWSModel.Service = .ecs, _ isWanted: (JSON) -> Bool
    ) async throws -> JSON {
        let patience = Patience()
        var answer = try await call(operation, input, of: service)
        while !isWanted(answer) {
            guard !patience.isOver else {
                Issue.record("\(operation) never answered as wanted, last \(answer.compact)")
                return answer
            }
            answer = try await call(operation, input, of: service)
        }
        return answer
    }
}
