import Glibc
import Subprocess

/// Runs containers as processes, each with its descendants in a process group of its own.
actor ProcessRunner {
    /// What became of a container, and what it wrote.
    enum News: Sendable {
        case event(ProcessEvent)
        case lines([String], LogStreamName)
    }

    private struct Running {
        let work: Task<Void, Never>
        /// The group; nil until the process was started.
        var group: pid_t?
        /// When set before there is a process, it is ended as soon as it was started.
        var stopTimeout: Duration?
        /// Kills the group when the time to end is over.
        var killer: Task<Void, Never>?
    }

    private let images: ImageStore
    private let surroundings: ProcessPlan.Surroundings
    private let tell: @Sendable (News) async -> Void
    private var running: [ContainerKey: Running] = [:]

    init(
        images: ImageStore, surroundings: ProcessPlan.Surroundings, tell: @escaping @Sendable (News) async -> Void
    ) {
        self.images = images
        self.surroundings = surroundings
        self.tell = tell
    }

    func perform(_ effect: Effect) {
        switch effect {
        case .start(let launch):
            let work = Task { await self.live(launch) }
            running[launch.key] = Running(work: work)
        case .stop(let key, let timeout): stop(key, timeout: .milliseconds(timeout))
        case .invoke: return
        }
    }

    /// Ends all processes and waits until they are gone.
    func stopAll(timeout: Duration) async {
        for key in running.keys { stop(key, timeout: timeout) }
        for work in running.values.map(\.work) { await work.value }
    }

    private func stop(_ key: ContainerKey, timeout: Duration) {
        guard var process = running[key] else { return }
        process.stopTimeout = timeout
        running[key] = process
        guard let group = process.group else { return }
        end(group, of: key, timeout: timeout)
    }

    /// Asks the whole group to end, and kills what is left of it when the time is over.
    private func end(_ group: pid_t, of key: ContainerKey, timeout: Duration) {
        kill(-group, SIGTERM)
        running[key]?.killer?.cancel()
        running[key]?.killer = Task {
            do { try await Task.sleep(for: timeout) } catch { return }
            self.killIfRunning(key, group)
        }
    }

    private func killIfRunning(_ key: ContainerKey, _ group: pid_t) {
        if running[key]?.group == group { kill(-group, SIGKILL) }
    }

    /// A container's whole life, from the look for its image to its end.
    private func live(_ launch: ContainerLaunch) async {
        let event: ProcessEvent
        do {
            let image = try await Self.pull(launch.image, from: images)
            let plan = try ProcessPlan(launch, image, surroundings)
            event = .exited(launch.key, code: try await execute(plan, launch, digest: image.digest))
        } catch {
            event = .couldNotStart(launch.key, reason: StartFailure.reason(error, image: launch.image))
        }
        running[launch.key]?.killer?.cancel()
        running[launch.key] = nil
        await tell(.event(event))
    }

    /// Away from the actor: an image may be large, and other containers must be stopped meanwhile.
    @concurrent
    private static func pull(_ reference: String, from images: ImageStore) async throws -> ImageStore.Image {
        try images.image(reference)
    }

    private func execute(_ plan: ProcessPlan, _ launch: ContainerLaunch, digest: String) async throws -> Int {
        var options = PlatformOptions()
        // 0: a new group whose number is the process's.
        options.processGroupID = 0
        let environment = Dictionary(
            uniqueKeysWithValues: plan.environment.compactMap { name, value in
                Environment.Key(rawValue: name).map { ($0, value) }
            })
        let tell = tell
        let result = try await Subprocess.run(
            .path(.init(plan.program)), arguments: Arguments(plan.words.dropFirst().map(\.self)),
            environment: .custom(environment), workingDirectory: .init(surroundings.data), platformOptions: options,
            input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            if let log = launch.log { await tell(.lines([], log)) }
            await self.started(launch.key, group: execution.processIdentifier.value, digest: digest)
            var splitter = LineSplitter()
            for try await buffer in execution.standardOutput {
                let lines = splitter.add(buffer.withUnsafeBytes { Array($0) })
                if let log = launch.log, !lines.isEmpty { await tell(.lines(lines, log)) }
            }
            let last = splitter.finish()
            if let log = launch.log, !last.isEmpty { await tell(.lines(last, log)) }
        }
        // A container ends with its first process: what that one left behind ends too. (The group's number cannot have
        // been given away while a process of the group lives; where none does, this finds nothing.)
        kill(-result.processIdentifier.value, SIGKILL)
        switch result.terminationStatus {
        case .exited(let code): return Int(code)
        case .signaled(let signal): return 128 + Int(signal)
        }
    }

    private func started(_ key: ContainerKey, group: pid_t, digest: String) async {
        running[key]?.group = group
        if let timeout = running[key]?.stopTimeout { end(group, of: key, timeout: timeout) }
        await tell(.event(.started(key, imageDigest: digest)))
    }
}
