import Glibc
import Hashing
import JSON
import Subprocess
import SystemPackage

/// Runs Lambda functions as processes: a function is a program in `functions`. It reads its payload from standard input; the
/// last line that it prints is what it returns, standard error is its log, and another exit code than 0 is an error.
struct FunctionRunner: Sendable {
    /// The folder of all functions.
    let root: String
    let surroundings: ProcessPlan.Surroundings

    /// What became of an invocation.
    struct FunctionEnd: Sendable {
        let returned: JSON
        let isError: Bool
        let log: [UInt8]
    }

    private static let longestAnswer = 6 << 20
    private static let longestLog = 16 << 20

    /// - Parameters:
    ///   - name: without ARN and qualifier.
    ///   - id: of the request.
    func invoke(_ name: String, _ payload: [UInt8], id: String) async throws(ECSFault) -> FunctionEnd {
        let program = "\(root)/\(name)"
        guard FileTree.isFile(program), access(program, X_OK) == 0 else {
            throw ECSFault("ResourceNotFoundException", "Function not found: \(name)", status: 404)
        }
        do { return try await execute(program, payload, id: id) } catch {
            throw ECSFault("ServiceException", "the sandbox could not run \(name): \(error)", status: 500)
        }
    }

    /// What the function of a lifecycle hook answers. One that cannot be run has failed.
    func answer(to call: HookCall, id: String) async -> HookAnswer {
        let name = String(call.function.split(separator: ":").last ?? "")
        do {
            let ended = try await invoke(name, Array(call.payload.compact.utf8), id: id)
            return ended.isError ? .failed : HookAnswer(ended.returned)
        } catch {
            return .failed
        }
    }

    private func execute(_ program: String, _ payload: [UInt8], id: String) async throws -> FunctionEnd {
        // A file, because a function that does not read it must not break anything.
        let input = "\(surroundings.data)/.payload-\(id)"
        try FileTree.replace(input, with: payload)
        defer { unlink(input) }
        var options = PlatformOptions()
        options.processGroupID = 0
        let result = try await Subprocess.run(
            .path(.init(program)), environment: .custom(environment), workingDirectory: .init(surroundings.data),
            platformOptions: options,
            input: .fileDescriptor(try .open(input, .readOnly), closeAfterSpawningProcess: true),
            output: .bytes(limit: Self.longestAnswer), error: .bytes(limit: Self.longestLog))
        kill(-result.processIdentifier.value, SIGKILL)
        guard case .exited(0) = result.terminationStatus else {
            return FunctionEnd(
                returned: [
                    "errorType": "Runtime.ExitError",
                    "errorMessage": .string(
                        "RequestId: \(id) Error: Runtime exited with error: \(result.terminationStatus)"),
                ], isError: true, log: result.standardError)
        }
        let last = result.standardOutput.split(separator: UInt8(ascii: "\n")).last.map(Array.init) ?? Array("null".utf8)
        return FunctionEnd(returned: try JSON.parse(last), isError: false, log: result.standardError)
    }

    /// Complete, as for containers: nothing is inherited from the sandbox.
    private var environment: [Environment.Key: String] {
        let variables = [
            "PATH": surroundings.searchPath.joined(separator: ":"), "HOME": surroundings.data, "LANG": "C.UTF-8",
            "AWS_REGION": surroundings.region, "SANDBOX_DATA": surroundings.data,
            Leftovers.variable: surroundings.mark,
        ]
        return Dictionary(
            uniqueKeysWithValues: variables.compactMap { name, value in
                Environment.Key(rawValue: name).map { ($0, value) }
            })
    }
}
