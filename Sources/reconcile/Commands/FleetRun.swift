import Base
import Manifest

/// What is done with each manifest of an invocation.
protocol FleetWork: Sendable {
    /// - Parameter earlier: those before it in its lane.
    func work(on member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async -> ExitCode
    /// Says why a manifest has no turn any more.
    func skip(_ member: Fleet.Member, _ failure: Failure) async
    /// After the last one.
    ///
    /// - Returns: exit codes that count, too.
    func finish(_ members: [Fleet.Member]) async -> [ExitCode]
}

extension FleetWork {
    func finish(_ members: [Fleet.Member]) async -> [ExitCode] { [] }
}

/// A manifest that has had its turn.
struct Ended: Sendable {
    let member: Fleet.Member
    let exit: ExitCode
}

/// Works on all manifests of an invocation: one pool of connections, signals that cancel, one exit code.
struct FleetRun<Work: FleetWork> {
    let fleet: Fleet
    let work: Work

    /// How many are read ahead at a time: the memory that a fleet takes has a bound.
    private static var slice: Int { 500 }

    /// Works on lanes, some side by side, and ends the process with the exit code that outranks the others.
    ///
    /// - Parameter lanes: members of one lane have their turns one after another.
    func run(_ lanes: [[Fleet.Member]], width: Int, _ options: CommonOptions) async throws {
        try Exits.end(await exits(lanes, width: width, options))
    }

    /// The same, for work that others follow.
    func exits(_ lanes: [[Fleet.Member]], width: Int, _ options: CommonOptions) async -> [ExitCode] {
        let isFleet = !fleet.isSingle
        let access = fleet.access
        let task = Task {
            var exits: [ExitCode] = []
            for start in stride(from: 0, to: lanes.count, by: Self.slice) {
                let part = Array(lanes[start..<min(start + Self.slice, lanes.count)])
                if isFleet, !Task.isCancelled {
                    await access.readAhead(part.flatMap { $0.compactMap(\.readable) }, options)
                }
                exits += await side(by: width, part, access)
            }
            return exits
        }
        let interrupts = Interrupts { task.cancel() }
        let exits = await task.value + work.finish(fleet.members)
        await access.close()
        withExtendedLifetime(interrupts) {}
        return exits
    }

    /// Works on so many lanes at a time.
    private func side(by width: Int, _ lanes: [[Fleet.Member]], _ access: SharedAccess) async -> [ExitCode] {
        await withTaskGroup(of: [ExitCode].self) { group in
            var left = lanes[...]
            for members in left.prefix(width) { group.addTask { await lane(members, access) } }
            left = left.dropFirst(width)
            var exits: [ExitCode] = []
            for await ended in group {
                exits += ended
                if let members = left.popFirst() { group.addTask { await lane(members, access) } }
            }
            return exits
        }
    }

    private func lane(_ members: [Fleet.Member], _ access: SharedAccess) async -> [ExitCode] {
        var ended: [Ended] = []
        for member in members {
            if let failure = Self.obstacle(to: member) {
                await work.skip(member, failure)
                ended.append(Ended(member: member, exit: failure.exit))
            } else {
                ended.append(Ended(member: member, exit: await work.work(on: member, after: ended, access)))
            }
        }
        return ended.map(\.exit)
    }

    /// After an interruption or the deadline no other manifest is started; each is reported.
    private static func obstacle(to member: Fleet.Member) -> Failure? {
        if Task.isCancelled {
            return Failure(
                .interrupted, "\(member.environment ?? member.path) was not started before the interruption",
                hint: "run the same command again")
        }
        guard member.readable != nil, let deadline = Deadline.current, deadline.remaining <= .zero else { return nil }
        return deadline.failure
    }
}

extension Fleet.Member {
    /// nil for a manifest that could not be read.
    fileprivate var readable: Manifest? { if case .success(let manifest) = manifest { manifest } else { nil } }
}
