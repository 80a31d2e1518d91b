import Base
import Glibc
import Resources

/// Programs on this machine that outlive this one, each under a small supervisor in a session of its own.
struct LocalProcesses: ProcessHost {
    let name = Machine.hostName
    let boot =
        ProcessFiles.text("/proc/sys/kernel/random/boot_id").map { String($0.prefix { $0 != "\n" }) } ?? "unknown"
    let environment = Machine.environment

    /// Of a log, what is read at once.
    private static let piece = 1 << 16
    /// How long a program has to end in order.
    private static let grace = Duration.seconds(10)

    func start(_ order: ProcessOrder) async throws(Failure) {
        let root = order.folder.lastIndex(of: "/").map { String(order.folder[..<$0]) } ?? "."
        for folder in [root, order.folder] {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Self.refused(order, folder) }
        }
        if let folder = PrivateLogs.prepare(in: order.folder) { throw Self.refused(order, folder) }
        let variables = environment.merging(order.environment) { $1 }.map { "\($0.key)=\($0.value)" }
        let words = ["sh", "-c", Supervisor.script, "sh", order.folder, "\(order.timeout)"] + order.command
        let spawn = Spawn(
            program: "/bin/sh", words: words, environment: variables,
            streams: [.input(from: "/dev/null"), .output(to: order.folder + "/log"), .sameAsOutput])
        guard let child = spawn.start() else { throw Self.refused(order, "/bin/sh") }
        // It ends at once where another one has claimed the folder, or where it cannot even do that.
        let end = ContinuousClock.now + Deadline.bounded(Self.grace)
        while claim(in: order.folder) == nil, waitpid(child, nil, WNOHANG) == 0, ContinuousClock.now < end {
            // Also of a run that is cancelled: what was started is to be known.
            do { try await Task.sleep(for: .milliseconds(5)) } catch {}
        }
        // A supervisor that is later finds the folder taken, and runs nothing.
        if claim(in: order.folder) != nil || !withdraw(order.folder) { return }
        throw Failure(
            .migrationNotStarted, "this machine did not start the migration's process", of: nil,
            hint: "see its log, fix what it names, then run the same command again",
            cause: ["log: \(order.folder)/log"])
    }

    private static func refused(_ order: ProcessOrder, _ what: String) -> Failure {
        Failure(
            .migrationNotStarted, "this machine did not start the migration's process", of: nil,
            hint: "fix what the cause names, then run the same command again",
            cause: ["\(what): \(String(cString: strerror(errno)))"])
    }

    // MARK: - Looking

    /// What the supervisor wrote when it made the folder its own.
    private struct Claim {
        let pid: Int
        let start: String
        let boot: String
    }

    private func claim(in folder: String) -> Claim? {
        let words = ProcessFiles.text(folder + "/pid")?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        guard words.count == 3, let pid = Int(words[0]), pid > 1 else { return nil }
        return Claim(pid: pid, start: words[1], boot: words[2])
    }

    private static let withdrawn = "withdrawn"

    func withdraw(_ folder: String) -> Bool {
        let root = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "."
        for folder in [root, folder] { mkdir(folder, 0o700) }
        // The file that supervisors claim a folder with: of two that make it, one succeeds.
        let file = open(folder + "/pid", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return isWithdrawn(folder) }
        defer { close(file) }
        return Descriptor.write(Array(Self.withdrawn.utf8), to: file) == nil
    }

    private func isWithdrawn(_ folder: String) -> Bool { ProcessFiles.text(folder + "/pid") == Self.withdrawn }

    func state(in folder: String) -> ProcessState {
        guard Files.exists(folder + "/pid"), !isWithdrawn(folder) else { return .absent }
        // Made a moment ago, and not written yet.
        guard let claim = claim(in: folder) else { return .running(pid: 0, start: "") }
        if let end = end(of: folder) { return end }
        if claim.boot == boot, isAlive(claim) { return .running(pid: claim.pid, start: claim.start) }
        // It may have ended between the two looks.
        return end(of: folder) ?? killed(folder) ?? .lost
    }

    private func end(of folder: String) -> ProcessState? {
        guard let word = ProcessFiles.text(folder + "/exit")?.split(whereSeparator: \.isNewline).first else {
            return nil
        }
        if word == "missing" { return .notFound }
        return killed(folder) ?? Int(word).map(ProcessState.exited) ?? .lost
    }

    private func killed(_ folder: String) -> ProcessState? {
        if let limit = ProcessFiles.text(folder + "/timed-out") {
            let seconds = Int(limit.prefix { $0 != "\n" }) ?? 0
            return .killed("it was killed after its time-out of \(Duration.seconds(seconds).text)")
        }
        return Files.exists(folder + "/stopped") ? .killed("it was ended by hand") : nil
    }

    private func isAlive(_ claim: Claim) -> Bool {
        // A child of this very process is gone only once it was asked for.
        waitpid(pid_t(claim.pid), nil, WNOHANG)
        if let leader = ProcessTable.entry(claim.pid), !leader.hasEnded { return leader.start == claim.start }
        return ProcessTable.hasMembers(claim.pid)
    }

    func log(in folder: String, from offset: Int) -> [UInt8] {
        ProcessFiles.bytes(folder + "/log", from: offset, atMost: Self.piece)
    }

    func logSize(in folder: String) -> Int? {
        var status = stat()
        return stat(folder + "/log", &status) == 0 ? Int(status.st_size) : nil
    }

    // MARK: - Ending

    func end(in folder: String) async {
        guard let claim = claim(in: folder), case .running = state(in: folder) else { return }
        do { try Files.write("", to: folder + "/stopped") } catch {}
        kill(-pid_t(claim.pid), SIGTERM)
        if await !hasEnded(folder, within: Self.grace) {
            kill(-pid_t(claim.pid), SIGKILL)
            _ = await hasEnded(folder, within: Self.grace)
        }
    }

    private func hasEnded(_ folder: String, within patience: Duration) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while case .running = state(in: folder) {
            if ContinuousClock.now > deadline { return false }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return false }
        }
        return true
    }

    func folders(in root: String) -> [String] { ProcessFiles.names(in: root) }

    func remove(_ folder: String) {
        if case .running = state(in: folder) { return }
        PrivateLogs.remove(of: folder)
        ProcessFiles.remove(folder)
    }
}
