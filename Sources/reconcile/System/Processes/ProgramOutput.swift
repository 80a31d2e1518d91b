import Dispatch
import Glibc

/// What a program prints, whole, when it has ended.
struct ProgramOutput: Sendable {
    /// nil where a signal ended it.
    let exitCode: Int32?
    let output: String
    let errors: String

    /// More of a program's words is not kept.
    private static let bound = 1 << 20

    /// - Parameters:
    ///   - limit: after which it is killed; nil for none.
    /// - Returns: nil where it could not be started, with the reason in `errno`.
    static func of(_ words: [String], within limit: Duration?) async -> ProgramOutput? {
        // Waiting for it would hold a thread that others need.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: waited(words, limit)) }
        }
    }

    private static func waited(_ words: [String], _ limit: Duration?) -> ProgramOutput? {
        guard let output = Pipe(), let errors = Pipe() else { return nil }
        let spawn = Spawn(
            program: words[0], words: words, environment: Machine.environment.map { "\($0.key)=\($0.value)" },
            streams: [.input(from: "/dev/null"), .descriptor(output.writer), .descriptor(errors.writer)])
        let child = spawn.start()
        let reason = errno
        output.closeWriter()
        errors.closeWriter()
        defer {
            close(output.reader)
            close(errors.reader)
        }
        guard let child else {
            errno = reason
            return nil
        }
        let texts = drained([output.reader, errors.reader], until: limit.map { Machine.elapsed + $0 })
        // Its children keep the pipes open, and are of its session.
        if texts == nil { kill(-child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let isExit = status & 0x7f == 0
        return ProgramOutput(
            exitCode: texts != nil && isExit ? (status >> 8) & 0xff : nil, output: texts?[0] ?? "",
            errors: texts?[1] ?? "")
    }

    /// - Returns: nil where the time is over first.
    private static func drained(_ readers: [Int32], until end: Duration?) -> [String]? {
        var texts = readers.map { _ in [UInt8]() }
        var open = Set(readers.indices)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !open.isEmpty {
            let left = end.map { $0 - Machine.elapsed }
            if let left, left <= .zero { return nil }
            var wanted = readers.indices.map {
                pollfd(fd: open.contains($0) ? readers[$0] : -1, events: Int16(POLLIN), revents: 0)
            }
            _ = poll(&wanted, nfds_t(wanted.count), left.map { Int32(min($0 / .milliseconds(1), 60_000)) + 1 } ?? -1)
            for index in open where wanted[index].revents != 0 {
                let count = read(readers[index], &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    open.remove(index)
                    continue
                }
                if texts[index].count < bound { texts[index] += buffer[..<count] }
            }
        }
        return texts.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The two ends of a pipe, that no other child inherits.
private struct Pipe {
    let reader: Int32
    let writer: Int32

    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        // pipe2, which does both at once, is not shown to programs that do not ask for extensions. Spawn closes them anyway.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
    }

    func closeWriter() { close(writer) }
}
