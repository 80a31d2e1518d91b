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
