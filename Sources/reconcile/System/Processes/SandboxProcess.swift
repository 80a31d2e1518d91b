import AWS
import Base
import Glibc
import JSON

/// The program `reconcile-sandbox` at the other end of two pipes. It ends when this process does, however that ends: but not
/// before what it has under way in this process's name has ended.
struct SandboxProcess: Sendable {
    let region: String
    let credentials: Credentials
    /// `http://127.0.0.1:PORT`
    let endpoint: String
    private let process: pid_t
    private let input: Int32
    private let output: Int32

    private static let name = "reconcile-sandbox"
    /// How long a sandbox may take to be reachable: it waits itself for one that is about to end.
    private static let patience = Duration.seconds(15)

    /// Starts the sandbox of a folder, or connects to the one that runs on it.
    ///
    /// - Throws: ``Failure`` with code `sandbox-failed`.
    static func start(_ folder: String) throws(Failure) -> SandboxProcess {
        let program = try program()
        var (input, output): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&input) == 0, pipe(&output) == 0 else {
            throw failure(folder, String(cString: strerror(errno)), nil)
        }
        let process = Spawn(
            program: program, words: [name, "--attached", folder],
            environment: Machine.environment.map { "\($0.key)=\($0.value)" },
            streams: [.descriptor(input[0]), .descriptor(output[1]), .output(to: "/dev/null")]
        ).start()
        let reason = errno
        Glibc.close(input[0])
        Glibc.close(output[1])
        // No program that is started later may keep it from its end.
        for file in [input[1], output[0]] { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        guard let process else { throw failure(folder, String(cString: strerror(reason)), nil) }
        do {
            return try SandboxProcess(process, input: input[1], output: output[0], folder)
        } catch {
            Glibc.close(input[1])
            Glibc.close(output[0])
            waitpid(process, nil, 0)
            throw error
        }
    }

    private init(_ process: pid_t, input: Int32, output: Int32, _ folder: String) throws(Failure) {
        (self.process, self.input, self.output) = (process, input, output)
        let line = Self.line(from: output, within: Deadline.bounded(Self.patience))
        var answer = JSON.null
        do { answer = try JSON.parse(line) } catch {
            throw Self.failure(folder, "its program said nothing of where it is to be reached", nil)
        }
        guard let endpoint = answer["endpoint"]?.string, let region = answer["region"]?.string,
            let name = answer["accessKeyID"]?.string, let secret = answer["secretAccessKey"]?.string
        else { throw Self.failure(folder, answer["error"]?.string ?? "?", answer["hint"]?.string) }
        (self.endpoint, self.region) = (endpoint, region)
        credentials = Credentials(accessKeyID: name, secretAccessKey: secret)
    }

    /// Ends it, or leaves it to what it has under way.
    func close() {
        Glibc.close(input)
        // It closes its end as soon as one of both is certain.
        _ = Self.line(from: output, within: Deadline.bounded(.seconds(4)), toEnd: true)
        Glibc.close(output)
        waitpid(process, nil, WNOHANG)
    }

    // MARK: - The program

    /// Becomes the program: `reconcile sandbox`.
    ///
    /// - Returns: only where it cannot.
    static func become(_ arguments: [String]) -> Failure {
        let program: String
        do { program = try self.program() } catch { return error }
        let words = ([name] + arguments).map { strdup($0) } + [nil]
        // It handles its signals itself.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_DFL) }
        execv(program, words)
        return Failure(
            .sandboxFailed, "\(program) cannot be run", hint: "check the file",
            cause: [String(cString: strerror(errno))])
    }

    /// Next to this program, or on PATH.
    private static func program() throws(Failure) -> String {
        let own = Files.absolute("/proc/self/exe")
        let beside = own.lastIndex(of: "/").map { String(own[...$0]) } ?? ""
        let folders = (Machine.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/" }
        guard let found = ([beside] + folders).map({ $0 + name }).first(where: { access($0, X_OK) == 0 }) else {
            throw Failure(
                .sandboxFailed, "there is no program \(name) next to \(own)",
                hint: "install it next to reconcile; in a checkout: swift build -c release --product \(name)")
        }
        return found
    }

    private static func failure(_ folder: String, _ cause: String, _ hint: String?) -> Failure {
        Failure(
            .sandboxFailed, "the sandbox on \(folder) did not start",
            hint: hint ?? "check that the folder can be read and written", cause: [cause])
    }

    /// - Parameter toEnd: whether everything up to the end of the stream is meant.
    private static func line(from file: Int32, within limit: Duration, toEnd: Bool = false) -> String {
        let end = ContinuousClock.now + limit
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n") || toEnd {
            let left = max(0, Int((end - .now) / .milliseconds(1)))
            var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wanted, 1, Int32(left))
            if ready < 0, errno == EINTR { continue }
            var byte: UInt8 = 0
            guard ready == 1, read(file, &byte, 1) == 1 else { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
