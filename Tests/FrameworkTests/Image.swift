import Foundation
import Support
import Testing

/// A folder of `examples/frameworks` as an image, with what its Dockerfile would have installed on the PATH.
struct Image: Sendable {
    let folder: String

    /// - Parameter folder: where it shall be; one of the test's own unless given.
    init(_ framework: Framework, _ edits: [Framework.Edit] = [], at folder: String? = nil) throws {
        try Tools.require()
        self.folder = try folder ?? Scratch.folder(framework.name) + "/image"
        try Scratch.copy("\(Project.root)/examples/frameworks/\(framework.name)", to: self.folder)
        for edit in edits { try apply(edit) }
    }

    private func apply(_ edit: Framework.Edit) throws {
        switch edit {
        case .remove(let path): try FileManager.default.removeItem(atPath: "\(folder)/\(path)")
        case .write(let path, let text): try Scratch.write(text, to: "\(folder)/\(path)")
        case .append(let path, let text): try Scratch.write(try read(path) + text, to: "\(folder)/\(path)")
        case .cut(let path, let words):
            let text = try read(path)
            let cut = try #require(text.range(of: words), "\(path) has no \(words)")
            try Scratch.write(String(text[..<cut.lowerBound]), to: "\(folder)/\(path)")
        }
    }

    private func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
    }

    /// Runs one of its programs, as a task would.
    func run(_ program: String, _ database: Database, version: String? = nil) async throws -> Outcome {
        var environment = Tools.environment.merging(database.environment) { $1 }
        environment["RECONCILE_SCHEMA_VERSION"] = version
        return try await Tools.run("\(folder)/bin/\(program)", [], environment: environment)
    }

    /// What db-version prints behind the equals sign.
    func version(_ database: Database) async throws -> String {
        let outcome = try await run("db-version", database)
        try #require(outcome.exit == 0, "\(outcome.out)\(outcome.error)")
        return try #require(outcome.version, "\(outcome.out)")
    }
}

extension Outcome {
    /// What is behind `RECONCILE_SCHEMA=` in the last line of the standard output.
    var version: String? {
        guard let last = out.split(separator: "\n").last, last.hasPrefix("RECONCILE_SCHEMA=") else { return nil }
        return String(last.dropFirst(17))
    }
}

/// The frameworks' programs.
enum Tools {
    static let folder = Project.root + "/Tests/FrameworkTests/Tools"
    private static let packages = Project.root + "/.venv-frameworks"

    static let environment = [
        "PATH": "\(folder):\(packages)/bin:/usr/local/bin:/usr/bin:/bin",
        // What Python writes next to the migrations would change an image.
        "PYTHONDONTWRITEBYTECODE": "1", "RAILS_ENV": "production",
    ]

    /// Runs a program behind all others: the frameworks take much of the processor, and other suites have deadlines.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) async throws -> Outcome {
        try await Outcome.of("nice", ["-n", "15", program] + arguments, environment: environment, in: folder)
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static func require() throws {
        for program in [
            packages + "/bin/alembic", "/usr/bin/sqitch", "/usr/bin/java", "/usr/bin/psql", "/usr/bin/rails",
        ]
        where !FileManager.default.isExecutableFile(atPath: program) {
            throw Missing(
                description: "\(program) is missing: run scripts/test once, it installs what these tests need")
        }
    }
}
