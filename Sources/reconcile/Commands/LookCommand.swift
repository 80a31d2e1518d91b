import ArgumentParser
import Base
import Manifest

/// A command that looks at each manifest's environment, some side by side, and shows what it found in their order.
protocol LookCommand: AsyncParsableCommand, Bounded, Sendable {
    associatedtype Found: Report

    var arguments: ManifestArguments { get }
    var options: CommonOptions { get }
    var width: ParallelOption { get }
    var time: TimeLimit { get }
    /// Whether what CI gives with each apply is compared as it was applied last.
    static var comparesAsApplied: Bool { get }
    /// Whether it calls nothing.
    var isOffline: Bool { get }

    /// What is refused before anything is sent.
    func check(_ fleet: Fleet) throws(Failure) -> Fleet
    func look(at manifest: Manifest, in member: Fleet.Member, _ access: SharedAccess) async throws(Failure) -> Found
    /// What else is done where a result is shown.
    func shown(_ found: Found, in member: Fleet.Member)
    /// How the results of several manifests are shown at once; nil where each is shown by itself.
    func together(_ results: [(member: Fleet.Member, result: Result<Found, Failure>)]) -> TerminalText?
    /// After all have been looked at.
    ///
    /// - Returns: exit codes that count, too.
    func finish(_ results: [(member: Fleet.Member, result: Result<Found, Failure>)]) -> [Base.ExitCode]
}

extension LookCommand {
    var timeLimit: Duration? { time.timeout }
    static var comparesAsApplied: Bool { false }
    var isOffline: Bool { false }
    func check(_ fleet: Fleet) throws(Failure) -> Fleet { fleet }
    func shown(_ found: Found, in member: Fleet.Member) {}
    func together(_ results: [(member: Fleet.Member, result: Result<Found, Failure>)]) -> TerminalText? { nil }
    func finish(_ results: [(member: Fleet.Member, result: Result<Found, Failure>)]) -> [Base.ExitCode] { [] }

    func run() async throws {
        let fleet = try await Invocation.reporting(options) { () async throws(Failure) in
            try check(
                try await Fleet.load(
                    arguments.manifests, options, comparesAsApplied: Self.comparesAsApplied, isOffline: isOffline,
                    observe: CallCounter(verbose: options.verbose).record))
        }
        let looks = Looks(command: self, results: Results(self, fleet))
        // One at a time takes as long as all their round trips one after another.
        try await FleetRun(fleet: fleet, work: looks).run(
            fleet.members.map { [$0] }, width: width.parallel ?? 10, options)
    }
}

/// The looks of one command.
private struct Looks<Command: LookCommand>: FleetWork {
    let command: Command
    let results: Results<Command>

    func work(on member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async -> Base.ExitCode {
        do throws(Failure) {
            let found = try await command.look(at: try member.manifest.get(), in: member, access)
            await results.take(.success(found), of: member)
            return found.exit
        } catch {
            await results.take(.failure(error), of: member)
            return error.exit
        }
    }

    func skip(_ member: Fleet.Member, _ failure: Failure) async { await results.take(.failure(failure), of: member) }

    func finish(_ members: [Fleet.Member]) async -> [Base.ExitCode] { await results.finish() }
}

/// Shows results in the order in which they were asked for, whichever is there first.
private actor Results<Command: LookCommand> {
    private let command: Command
    private let console: Console
    private let members: [Fleet.Member]
    private let places: [String: Int]
    private var results: [Int: Result<Command.Found, Failure>] = [:]
    /// How many are shown.
    private var next = 0
    private let isTogether: Bool

    init(_ command: Command, _ fleet: Fleet) {
        self.command = command
        members = fleet.members
        console = Console(options: command.options)
        places = Dictionary(uniqueKeysWithValues: fleet.members.enumerated().map { ($1.path, $0) })
        isTogether = !fleet.isSingle && command.options.output != .json && command.together([]) != nil
    }

    func take(_ result: Result<Command.Found, Failure>, of member: Fleet.Member) {
        results[places[member.path] ?? 0] = result
        while next < members.count, let result = results[next] {
            show(result, of: members[next])
            next += 1
        }
    }

    private func show(_ result: Result<Command.Found, Failure>, of member: Fleet.Member) {
        switch result {
        case .success(let found) where !isTogether:
            console.show(found)
            command.shown(found, in: member)
        case .success: break
        case .failure(let failure):
            FailureOutput.show(failure, manifest: member.path, environment: member.environment, command.options)
        }
    }

    func finish() -> [Base.ExitCode] {
        let all = members.enumerated().compactMap { index, member in
            results[index].map { (member: member, result: $0) }
        }
        if isTogether, let text = command.together(all) { Terminal.write(text, to: .out) }
        return command.finish(all)
    }
}
