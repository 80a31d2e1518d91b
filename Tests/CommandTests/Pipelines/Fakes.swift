import Foundation
import Support
import Testing

/// Programs of a test's own that come first on PATH, and keep a line for each call: its words, as a shell would quote them.
struct Fakes {
    let folder: String
    private var log: String { folder + "/calls" }

    init() throws { folder = try Scratch.folder("fakes") }

    /// - Parameter script: what the program does after it has recorded its call.
    func add(_ name: String, _ script: String = "") throws {
        try Scratch.write(
            """
            #!/bin/bash
            line=$(printf ' %q' "$@")
            echo "\(name)$line" >>\(log)
            \(script)
            """, to: "\(folder)/bin/\(name)", executable: true)
    }

    /// Says where the built program is, so that it is found by its name alone.
    func addReconcile() throws {
        try Scratch.write(
            "#!/bin/sh\nexec '\(Project.reconcile)' \"$@\"\n", to: folder + "/bin/reconcile", executable: true)
    }

    var path: String { "\(folder)/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "") }

    func calls(_ name: String) -> [String] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(name + " ") }
    }
}

/// What a release has for the action to download: archives whose `reconcile` is the built one.
struct FakeRelease {
    let folder: String
    let sha256: String
    static let archive = "reconcile-0.1.0-linux-x86_64.tar.gz"

    /// - Parameter script: what `reconcile` does instead.
    init(_ fakes: Fakes, script: String = "exec '\(Project.reconcile)' \"$@\"") async throws {
        folder = try Scratch.folder("release")
        for architecture in ["x86_64", "arm64"] {
            let name = "reconcile-0.1.0-linux-\(architecture)"
            try Scratch.write(
                "#!/bin/bash\n\(script)\n", to: "\(folder)/\(name)/reconcile", executable: true)
            let tar = try await Outcome.of("tar", ["-czf", "\(name).tar.gz", name], in: folder)
            try #require(tar.exit == 0, "\(tar.error)")
        }
        let sums = try await Outcome.of("sh", ["-c", "sha256sum *.tar.gz | tee SHA256SUMS"], in: folder)
        let line = sums.out.split(separator: "\n").first { $0.hasSuffix(Self.archive) }
        sha256 = String(try #require(line?.prefix(64)))
        try fakes.add(
            "curl",
            """
            while [ $# -gt 1 ]; do [ "$1" != --output ] || to=$2; shift; done
            cp "\(folder)/$(basename "$1")" "$to" || exit 22
            """)
    }
}
