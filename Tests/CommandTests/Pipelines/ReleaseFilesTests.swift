import Foundation
import JSON
import Support
import Testing

/// `scripts/release`, with small programs in place of the release's: they are linked to the same libraries and become the
/// built ones. So the package's dependencies, the manual pages and the completions are real, and nothing takes long.
@Suite(
    "scripts/release",
    .enabled(if: SyncKiller.isThere && FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-shlibdeps")))
struct ReleaseFilesTests {
    private static let made = Task {
        let folder = try Scratch.folder("release")
        try Scratch.write(
            """
            #include <unistd.h>
            void *curl_easy_init(void);
            int sqlite3_libversion_number(void);
            unsigned long OpenSSL_version_num(void);
            int main(int count, char **words) {
                if (count < 0) return curl_easy_init() != 0 && sqlite3_libversion_number() && OpenSSL_version_num();
                return execv(PROGRAM, words);
            }
            """, to: folder + "/program.c")
        for program in [Project.reconcile, Project.reconcile + "-sandbox"] {
            let name = program.split(separator: "/").last.map(String.init) ?? ""
            let outcome = try await Outcome.of(
                SyncKiller.compiler ?? "cc",
                [
                    "-DPROGRAM=\"\(program)\"", folder + "/program.c", "-o", "\(folder)/bin-\(name)", "-lcurl",
                    "-lsqlite3",
                    "-lcrypto",
                ])
            try #require(outcome.exit == 0, "\(outcome.error)")
            try Scratch.copy("\(folder)/bin-\(name)", to: "\(folder)/bin/\(name)")
        }
        let once = try await release(folder, "once", ["TZ": "Asia/Tokyo"])
        try #require(once.exit == 0, "\(once.error)")
        let unpacked = try await Outcome.of(
            "tar", ["-xzf", "once/\(name).tar.gz"], in: folder)
        try #require(unpacked.exit == 0, "\(unpacked.error)")
        return folder
    }

    private static let name = "reconcile-0.1.0-linux-" + architecture
    #if arch(arm64)
        private static let architecture = "arm64"
    #else
        private static let architecture = "x86_64"
    #endif

    private static func release(
        _ folder: String, _ to: String, _ environment: [String: String] = [:], version: String = "0.1.0"
    ) async throws -> Outcome {
        try await Outcome.of(
            Project.root + "/scripts/release", ["--binaries", folder + "/bin", "--to", "\(folder)/\(to)", version],
            environment: environment.merging(["SOURCE_DATE_EPOCH": "1800000000"]) { $1 })
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// All commands that do something, with the long names of their options.
    private func commands() async throws -> [(name: String, options: Set<String>)] {
        let commands = try await CommandReference.ofProgram().commands.map { command in
            let names = command.options.flatMap(\.names).filter { $0.hasPrefix("--") }
            return (name: command.name, options: Set(names.map { String($0.dropFirst(2)) }))
        }
        #expect(commands.count > 10)
        return commands
    }

    @Test("twice gives the same bytes, and the checksums are those of the files")
    func same() async throws {
        let folder = try await Self.made.value
        #expect(try await Self.release(folder, "twice", ["TZ": "America/Lima"]).exit == 0)
        let difference = try await Outcome.of("diff", ["-r", "once", "twice"], in: folder)
        #expect(difference.exit == 0, "\(difference.out)")
        let check = try await Outcome.of("sha256sum", ["--check", "--strict", "SHA256SUMS"], in: folder + "/once")
        #expect(check.exit == 0 && check.out.split(separator: "\n").count == 3, "\(check.out)\(check.error)")
    }

    @Test("a version that the program is not is refused")
    func version() async throws {
        let outcome = try await Self.release(try await Self.made.value, "other", version: "9.9.9")
        #expect(outcome.exit == 65 && outcome.error.contains("0.1.0, not 9.9.9"), "\(outcome.error)")
    }

    @Test("the archive has the programs, manual pages, completions and licences")
    func archive() async throws {
        let list = try await Outcome.of(
            "tar", ["-tzf", "once/\(Self.name).tar.gz"], in: try await Self.made.value)
        let files = list.out.split(separator: "\n").map { String($0.dropFirst(Self.name.count + 1)) }
        #expect(
            files.filter { !$0.hasSuffix("/") && !$0.isEmpty } == [
                "LICENSE", "LICENSES-OF-DEPENDENCIES", "completions/_reconcile", "completions/reconcile.bash",
                "completions/reconcile.fish", "man/reconcile-sandbox.1", "man/reconcile.1", "reconcile",
                "reconcile-sandbox",
            ])
        let licences = try text(try await Self.made.value + "/\(Self.name)/LICENSES-OF-DEPENDENCIES")
        let resolved = try JSON.parse(try text(Project.root + "/Package.resolved"))
        for pin in resolved["pins"]?.elements ?? [] {
            let identity = try #require(pin["identity"]?.string)
            #expect(licences.lowercased().contains("==== \(identity)\n"))
        }
        #expect(licences.contains("==== swift\n"))
    }

    @Test("the package depends on the libraries that the programs are linked to")
    func package() async throws {
        let folder = try await Self.made.value + "/once"
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".deb") })
        let depends = try await Outcome.of("dpkg-deb", ["--field", name, "Depends"], in: folder)
        for library in ["libc6", "libcurl4", "libssl3", "libsqlite3-0", "ca-certificates"] {
            #expect(depends.out.contains(library), "\(depends.out)")
        }
        let list = try await Outcome.of("dpkg-deb", ["--contents", name], in: folder)
        for path in [
            "bin/reconcile", "bin/reconcile-sandbox", "share/man/man1/reconcile.1.gz",
            "share/bash-completion/completions/reconcile", "share/zsh/vendor-completions/_reconcile",
            "share/fish/vendor_completions.d/reconcile.fish", "share/doc/reconcile/copyright",
        ] {
            #expect(list.out.contains(" root/root ") && list.out.contains(" ./usr/\(path)\n"), "\(path)")
        }
        let bill = try JSON.parse(try text("\(folder)/\(Self.name).spdx.json"))
        #expect(bill["spdxVersion"] == "SPDX-2.3")
        let packages = Set((bill["packages"]?.elements ?? []).compactMap { $0["name"]?.string })
        #expect(packages.isSuperset(of: ["reconcile", "swift-runtime", "flyingfox", "ca-certificates"]))
    }

    @Test("the manual page and the completions have every command and every option")
    func complete() async throws {
        let folder = try await Self.made.value + "/" + Self.name
        let manual = try text(folder + "/man/reconcile.1").replacing("\\-", with: "-")
            .replacing("\\fB", with: "").replacing("\\fR", with: "")
        for section in ["SYNOPSIS", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
            #expect(manual.contains("\n.SH \(section)\n"))
        }
        let completions = try ["reconcile.bash", "_reconcile", "reconcile.fish"].map {
            try text("\(folder)/completions/\($0)")
        }
        for (name, options) in try await commands() {
            let part = try #require(manual.components(separatedBy: "\n.SS \(name)\n").dropFirst().first, "\(name)")
            let command = part.components(separatedBy: "\n.S")[0]
            for option in options {
                #expect(command.contains("--\(option)"), "\(name) --\(option)")
                #expect(manual.contains(try Regex("\\.TP\\n.*--\(option)\\b")), "\(option) is explained nowhere")
                for completion in completions { #expect(completion.contains(option), "\(name) --\(option)") }
            }
            for completion in completions { #expect(completion.contains(name.split(separator: " ").last ?? "?")) }
        }
        for name in manual.components(separatedBy: ".SH ENVIRONMENT")[1].matches(of: #/[A-Z]+_[A-Z_]+[A-Z]/#) {
            let isRead = try await Outcome.of("grep", ["-rqF", "\"\(name.output)\"", "Sources"], in: Project.root)
            #expect(isRead.exit == 0, "nothing reads \(name.output)")
        }
    }

    @Test("the shells take their completions")
    func shells() async throws {
        let folder = try await Self.made.value + "/\(Self.name)/completions"
        let bash = try await Outcome.of("bash", ["-c", "source reconcile.bash && complete -p reconcile"], in: folder)
        #expect(bash.out == "complete -o filenames -F _reconcile reconcile\n", "\(bash.error)")
    }

    @Test("both architectures' files make one release")
    func published() async throws {
        let folder = try Scratch.folder("publish")
        for name in ["reconcile-1-linux-x86_64.tar.gz", "reconcile-1-linux-arm64.tar.gz"] {
            let runner = folder + "/built/" + name
            try Scratch.write(name, to: "\(runner)/\(name)")
            _ = try await Outcome.of("sh", ["-c", "sha256sum \(name) >SHA256SUMS"], in: runner)
        }
        let runner = try GitHubRunner(in: folder)
        try runner.fakes.add("gh")
        try await runner.run(".github/workflows/release.yml", job: "publish")
        #expect(!runner.hasFailed, "\(runner.steps)")
        let files = ["SHA256SUMS", "reconcile-1-linux-arm64.tar.gz", "reconcile-1-linux-x86_64.tar.gz"]
        let call = try #require(runner.fakes.calls("gh").first)
        #expect(call.hasPrefix("gh release create main --repo acme/checkout --draft --verify-tag files/"))
        for file in files { #expect(call.contains(" files/\(file)")) }
    }
}
