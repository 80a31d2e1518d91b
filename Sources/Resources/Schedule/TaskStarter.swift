import Manifest

/// Something that starts a task in a cluster.
struct TaskStarter: Sendable, Equatable {
    enum Place: Sendable, Equatable {
        case scheduled(ScheduleSpec.Place)
        case stateMachine
    }

    let place: Place
    let name: String
    let reference: TaskReference

    /// For people, such as `rule nightly`.
    var title: String {
        switch place {
        case .scheduled(.rule("default")): "rule \(name)"
        case .scheduled(.rule(let bus)): "rule \(name) of the bus \(bus)"
        case .scheduled(.schedule("default")): "schedule \(name)"
        case .scheduled(.schedule(let group)): "schedule \(name) of the group \(group)"
        case .stateMachine: "state machine \(name)"
        }
    }

    /// Whether the manifest moves it.
    func isOne(of specs: [ScheduleSpec]) -> Bool {
        guard case .scheduled(let place) = place else { return false }
        return specs.contains { $0.name == name && $0.place == place }
    }
}

/// What starts tasks in a cluster, as far as it could be read.
struct StarterSurvey: Sendable, Equatable {
    var starters: [TaskStarter] = []
    /// What could not be read, and why.
    var gaps: [String] = []

    mutating func add(_ other: StarterSurvey) {
        starters += other.starters
        for gap in other.gaps where !gaps.contains(gap) { gaps.append(gap) }
    }
}
