import AWS
import Base
import JSON
import Manifest
import Reconciler

/// How a rule or a schedule is read and changed.
struct ScheduleDoor: Sendable {
    let spec: ScheduleSpec
    let clients: Clients

    var id: ResourceID { ResourceID(Kind.schedule, spec.name) }

    /// For people, such as `rule nightly`.
    var title: String {
        switch spec.place {
        case .rule: "rule \(spec.name)"
        case .schedule: "schedule \(spec.name)"
        }
    }

    /// What tells it from all others of its account and region.
    var place: String {
        switch spec.place {
        case .rule(let bus): "rule:\(bus):\(spec.name)"
        case .schedule(let group): "schedule:\(group):\(spec.name)"
        }
    }

    /// What it starts in ECS; nil if it does not exist.
    func tasks() async throws(Failure) -> [ScheduledTask]? {
        try await reading(id, "read the \(title)") { () throws(AWSError) in
            switch spec.place {
            case .rule(let bus): try await clients.events.tasks(of: spec.name, bus: bus)
            case .schedule(let group): try await clients.scheduler.tasks(of: spec.name, group: group)
            }
        }
    }

    /// Makes the one call that moves it. All but the task definitions is sent back as it is at this moment: both calls replace
    /// what they are about as a whole.
    func carryOut(_ moves: [ScheduleMove]) async throws(Failure) {
        switch spec.place {
        case .rule(let bus): try await put(moves, on: bus)
        case .schedule(let group): try await update(moves, in: group)
        }
    }

    private func put(_ moves: [ScheduleMove], on bus: String) async throws(Failure) {
        let targets = try await reading(id, "read the \(title)") { () throws(AWSError) in
            try await clients.events.targets(of: spec.name, bus: bus)
        }
        let moved = try moves.map { (move) throws(Failure) in
            try Self.moved(targets?.first { $0["Id"]?.string == move.target }, by: move, of: self)
        }
        let refused = try await calling(id, "change the targets of the \(title)") { () throws(AWSError) in
            try await clients.events.put(moved, of: spec.name, bus: bus)
        }
        guard let first = refused.first else { return }
        let isBusy = ["ConcurrentModificationException", "InternalException"].contains(first.code)
        throw Failure(
            .awsRefused, "EventBridge did not take \(refused.count) of \(moved.count) targets of the \(title)", of: id,
            hint: "the cause says what EventBridge objects to",
            cause: refused.map { "\($0.target): \($0.code)\($0.message.map { ": \($0)" } ?? "")" },
            // Others of the same call may be changed.
            effect: refused.count < moved.count ? .unknown : .none, isTransient: isBusy)
    }

    private func update(_ moves: [ScheduleMove], in group: String) async throws(Failure) {
        let schedule = try await reading(id, "read the \(title)") { () throws(AWSError) in
            try await clients.scheduler.schedule(spec.name, group: group)
        }
        guard let move = moves.first, moves.count == 1 else {
            throw .broken("a schedule has one target", of: id)
        }
        let target = try Self.moved(schedule?["Target"], by: move, of: self)
        var moved = schedule ?? [:]
        moved["Target"] = target
        try await calling(id, "change the \(title)") { [moved] () throws(AWSError) in
            try await clients.scheduler.update(moved, name: spec.name, group: group)
        }
    }

    /// - Throws: a failure that is gone at the next look, where another user has changed the target since.
    private static func moved(
        _ target: JSON?, by move: ScheduleMove, of door: ScheduleDoor
    ) throws(Failure) -> JSON {
        guard let target, let to = move.to, target["EcsParameters"]?["TaskDefinitionArn"]?.string == move.from else {
            throw Failure(
                .awsRefused, "the \(door.title) was changed by another user", of: door.id,
                hint: "run the same command again", isTransient: true)
        }
        return ScheduledTask.moved(target, to: to)
    }
}
