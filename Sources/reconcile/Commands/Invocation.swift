import ArgumentParser
import Base
import Manifest
import Resources

/// What all commands on manifests have in common: one pool of connections, signals that cancel, one exit code.
enum Invocation {
    /// What the manifests of one invocation share.
    struct Shared: Sendable {
        let access: SharedAccess
        let counter: CallCounter
        /// Whether there are several manifests.
        let isFleet: Bool
    }

    /// How a look at a manifest ended, and how to show it.
    struct End: Sendable {
        let exit: Base.ExitCode
        let show: @Sendable () -> Void
    }

    /// How many manifests are looked at side by side, where nothing else is asked for.
    private static let width = 10
    /// How many are read ahead at a time: the memory that a fleet takes has a bound.
    private static let slice = 500

    /// Looks at all manifests, some side by side, and shows the results in their order.
    ///
    /// - Parameter finally: what is done after the last; its exit codes count too.
    static func look(
        _ fleet: Fleet, _ options: CommonOptions,
        _ body: @escaping @Sendable (Fleet.Member, Shared) async -> End,
        finally: @escaping @Sendable (_ manifests: [String]) async -> [Base.ExitCode] = { _ in [] }
    ) async throws {
        let printer = InOrder()
        let order = Dictionary(uniqueKeysWithValues: fleet.members.enumerated().map { ($1.path, $0) })
        try await run(fleet, fleet.members.map { [$0] }, options, width: options.parallel ?? width) {
            member, _, shared in
            let end = await body(member, shared)
            await printer.show(order[member.path] ?? 0, end.show)
            return end.exit
        } skip: { member, failure in
            let end = End.failed(failure, member, environment: member.environment, options)
            await printer.show(order[member.path] ?? 0, end.show)
        } finally: {
            await finally(fleet.members.map(\.path))
        }
    }

    /// Changes what the manifests describe: those that share something in order, others side by side where that is asked for.
    ///
    /// - Parameters:
    ///   - body: is also told how those before it in its lane ended.
    ///   - skip: is called instead for those that have no turn any more.
    static func change(
        _ fleet: Fleet, _ options: CommonOptions,
        _ body: @escaping @Sendable (Fleet.Member, [Ended], Shared) async -> Base.ExitCode,
        skip: @escaping @Sendable (Fleet.Member, Failure) -> Void
    ) async throws {
        let width = options.parallel ?? 1
        // One after another means in the order in which they were named.
        let lanes = width > 1 ? fleet.lanes : [fleet.members]
        try await run(fleet, lanes, options, width: width, body, skip: skip)
    }

    /// A manifest that has had its turn.
    struct Ended: Sendable {
        let member: Fleet.Member
        let exit: Base.ExitCode
    }

    static func load(
        _ manifests: [String], _ options: CommonOptions, endsEvents: Bool = false, comparesAsApplied: Bool = false
    ) throws -> Fleet {
        try told(options, endsEvents: endsEvents) { () throws(Failure) in
            try Fleet.load(manifests, options, comparesAsApplied: comparesAsApplied)
        }
    }

    /// Ends the command with what fails before any manifest has its turn, shown.
    ///
    /// - Parameter endsEvents: whether the command tells events, of which the last one has the result.
    static func told<Value>(
        _ options: CommonOptions, endsEvents: Bool = false, _ body: () throws(Failure) -> Value
    ) throws -> Value {
        do { return try body() } catch {
            FailureOutput.show(
                error, manifest: nil, environment: nil, options.output, noColor: options.noColor,
                endsEvents: endsEvents)
            throw ArgumentParser.ExitCode(error.exit.rawValue)
        }
    }

    /// Ends the process with the exit code that outranks the others.
    private static func run(
        _ fleet: Fleet, _ lanes: [[Fleet.Member]], _ options: CommonOptions, width: Int,
        _ body: @escaping @Sendable (Fleet.Member, [Ended], Shared) async -> Base.ExitCode,
        skip: @escaping @Sendable (Fleet.Member, Failure) async -> Void,
        finally: @Sendable () async -> [Base.ExitCode] = { [] }
    ) async throws {
        let counter = CallCounter(verbose: options.verbose)
        let isFleet = !fleet.isSingle
        let shared = Shared(
            access: SharedAccess(isFleet: isFleet, observe: counter.record), counter: counter, isFleet: isFleet)
        let work = Task {
            var exits: [Base.ExitCode] = []
            for start in stride(from: 0, to: lanes.count, by: slice) {
                let part = Array(lanes[start..<min(start + slice, lanes.count)])
                if isFleet, !Task.isCancelled {
                    await shared.access.readAhead(part.flatMap(manifests), options)
                }
                exits += await side(by: width, part) { await lane($0, shared, body, skip) }
            }
            return exits
        }
        let interrupts = Interrupts { work.cancel() }
        let exits = await work.value + finally()
        await shared.access.close()
        withExtendedLifetime(interrupts) {}
        try Exits.end(exits)
    }

    private static func manifests(_ lane: [Fleet.Member]) -> [Manifest] {
        lane.compactMap { member in
            if case .success(let manifest) = member.manifest { manifest } else { nil }
        }
    }

    private static func lane(
        _ members: [Fleet.Member], _ shared: Shared,
        _ body: @Sendable (Fleet.Member, [Ended], Shared) async -> Base.ExitCode,
        _ skip: @Sendable (Fleet.Member, Failure) async -> Void
    ) async -> [Base.ExitCode] {
        var ended: [Ended] = []
        for member in members {
            // An interruption is of the invocation: what comes after it is not started, and that is said of each.
            if Task.isCancelled {
                let failure = Failure(
                    .interrupted, "\(member.environment ?? member.path) was not started before the interruption",
                    hint: "run the same command again")
                await skip(member, failure)
                ended.append(Ended(member: member, exit: failure.exit))
            } else if case .success = member.manifest, let deadline = Deadline.current, deadline.remaining <= .zero {
                await skip(member, deadline.failure)
                ended.append(Ended(member: member, exit: deadline.failure.exit))
            } else {
                ended.append(Ended(member: member, exit: await body(member, ended, shared)))
            }
        }
        return ended.map(\.exit)
    }

    /// Works on so many lanes at a time.
    private static func side(
        by width: Int, _ lanes: [[Fleet.Member]],
        _ body: @escaping @Sendable ([Fleet.Member]) async -> [Base.ExitCode]
    ) async -> [Base.ExitCode] {
        await withTaskGroup(of: [Base.ExitCode].self) { group in
            var left = lanes[...]
            for lane in left.prefix(width) { group.addTask { await body(lane) } }
            left = left.dropFirst(width)
            var exits: [Base.ExitCode] = []
            for await ended in group {
                exits += ended
                if let lane = left.popFirst() { group.addTask { await body(lane) } }
            }
            return exits
        }
    }
}

extension Invocation.End {
    /// The end of a look that found no answer.
    static func failed(
        _ failure: Failure, _ member: Fleet.Member, environment: String?, _ options: CommonOptions
    ) -> Invocation.End {
        Invocation.End(exit: failure.exit) {
            FailureOutput.show(failure, manifest: member.path, environment: environment, options)
        }
    }
}

/// Shows results in the order in which they were asked for, whichever is there first.
actor InOrder {
    private var waiting: [Int: @Sendable () -> Void] = [:]
    private var next = 0

    func show(_ index: Int, _ body: @escaping @Sendable () -> Void) {
        waiting[index] = body
        while let body = waiting.removeValue(forKey: next) {
            body()
            next += 1
        }
    }
}
