import Glibc
import Time

/// What this process knows of its machine: environment, clock, random bytes, who runs it.
enum Machine {
    /// Whether a runner of GitHub Actions reads what is written.
    static let isGitHubRunner = environment["GITHUB_ACTIONS"] == "true"

    static let environment: [String: String] = {
        var variables: [String: String] = [:]
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            pointer += 1
        }
        return variables
    }()

    private static let start = ContinuousClock.now

    /// Monotonic time.
    static var elapsed: Duration { ContinuousClock.now - start }

    static func now() -> Timestamp { Timestamp(seconds: Int64(time(nil))) }

    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// From 0 up to 1.
    static func randomFraction() -> Double { Double.random(in: 0..<1) }

    /// Where CI shows the job that this process is a part of; nil elsewhere. One with a password in it is left out.
    static var runURL: String? {
        let github = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].compactMap { environment[$0] }
        let urls =
            (github.count == 3 ? ["\(github[0])/\(github[1])/actions/runs/\(github[2])"] : [])
            + ["CI_JOB_URL", "BUILD_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL"].compactMap { environment[$0] }
        return urls.first { url in
            ["https://", "http://"].contains(where: url.hasPrefix) && url.utf8.count <= 300 && !url.contains("@")
                && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
    }

    static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static var currentFolder: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return "." }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static var userName: String {
        environment["USER"] ?? environment["LOGNAME"] ?? "uid \(getuid())"
    }

    static var processID: Int32 { getpid() }
}

/// Which release this is.
enum Release {
    static let current = "0.1.0"
}
