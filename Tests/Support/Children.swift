import Foundation

/// A program that a test starts, and that ends with the test.
public final class Child: Sendable {
    private let spawned: Spawned
    private let log: URL

    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) throws {
        log = try Scratch.file()
        spawned = try Spawned([program] + arguments, environment: environment, folder: folder, out: log, error: log)
    }

    public var isRunning: Bool { spawned.isRunning }
    public var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    public var pid: Int32 { spawned.pid }

    /// Asks it to end.
    public func terminate() { signal(SIGTERM) }

    /// Sends it a signal, unless it has ended and was waited for.
    public func signal(_ number: Int32) { spawned.signal(number) }

    /// Waits until it was stopped or has ended, and tells whether it was stopped.
    public func isStopped() -> Bool { spawned.isStopped() }

    /// How it ended.
    public func end() async -> Int32 { await spawned.end() }

    deinit {
        spawned.signal(SIGKILL)
        Scratch.discard(log)
    }
}

/// What a program that has ended printed, and how it ended.
public struct Outcome: Sendable {
    public let exit: Int32
    public let out: String
    public let error: String

    /// Runs a program to its end. Nothing that concerns AWS or CI is inherited from this process's environment.
    public static func of(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) async throws -> Outcome {
        let files = try (0..<2).map { _ in try Scratch.file() }
        defer { files.forEach(Scratch.discard) }
        let spawned = try Spawned(
            [program] + arguments, environment: environment, folder: folder, out: files[0], error: files[1])
        let exit = await spawned.end()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(exit: exit, out: texts[0], error: texts[1])
    }
}

/// Folders and files that a test may fill: all below one folder of this process, which is gone when it ends.
public enum Scratch {
    private static let root: URL = {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("reconcile-tests-\(getpid())")
        atexit {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("reconcile-tests-\(getpid())")
            try? FileManager.default.removeItem(at: path)
        }
        return url
    }()

    public static func folder(_ name: String = "test") throws -> String {
        let url = root.appendingPathComponent("\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    static func file() throws -> URL {
        let url = URL(fileURLWithPath: try folder("out")).appendingPathComponent("text")
        try Data().write(to: url)
        return url
    }

    /// Removes a file of ``file()``, with the folder that is its own.
    static func discard(_ file: URL) {
        try? FileManager.default.removeItem(at: file.deletingLastPathComponent())
    }

    public static func write(_ text: String, to path: String, executable: Bool = false) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Spawned.lock.withLock { _ in try text.write(to: url, atomically: true, encoding: .utf8) }
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
    }
}

extension Scratch {
    /// Copies a file or a folder of programs that will be executed.
    public static func copy(_ source: String, to path: String) throws {
        let files = FileManager.default
        try files.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Spawned.lock.withLock { _ in try files.copyItem(atPath: source, toPath: path) }
    }
}

/// Places in the repository and in the build.
public enum Project {
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The built command line: the one next to the test bundle, unless RECONCILE_PROGRAM names another.
    public static var reconcile: String {
        if let other = ProcessInfo.processInfo.environment["RECONCILE_PROGRAM"] { return other }
        return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("reconcile").path
    }
}
