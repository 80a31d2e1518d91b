import Foundation
import Support

/// The library that kills a program at one of its calls of fsync or fdatasync, compiled when it is first asked for.
enum SyncKiller {
    /// The clang that is next to swift, or any C compiler on the PATH.
    static let compiler: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        func find(_ name: String) -> String? {
            folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile)
        }
        let beside = find("swift").map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("clang").path
        }
        if let beside, FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return find("clang") ?? find("cc")
    }()

    /// When, seen from the call: see `sync.c`.
    enum When: String, Sendable, CaseIterable {
        case before, after, lost
    }

    static var isThere: Bool { compiler != nil }

    struct DidNotCompile: Error {
        let output: String
    }

    /// The library's path.
    static var library: String {
        get async throws { try await compiled.value }
    }

    private static let compiled = Task {
        let library = try Scratch.folder("sync") + "/sync.so"
        let source = Project.root + "/Tests/CommandTests/Kills/sync.c"
        let outcome = try await Outcome.of(compiler ?? "cc", ["-shared", "-fPIC", "-O1", "-o", library, source])
        guard outcome.exit == 0 else { throw DidNotCompile(output: outcome.error) }
        return library
    }
}
