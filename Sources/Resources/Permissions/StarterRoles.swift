import AWS
import Manifest

/// The roles that a manifest's rules and schedules start their tasks with: who changes a target passes its role on.
struct StarterRoles: Sendable, Equatable {
    var ofRules: [String] = []
    var ofSchedules: [String] = []
    /// Whether some could not be read: then any role may be meant.
    var areUnknown = false

    /// What cannot be read is no reason to print no policy.
    static func read(_ specs: [ScheduleSpec], _ clients: Clients) async -> StarterRoles {
        var roles = StarterRoles()
        for spec in specs {
            do {
                let tasks = try await ScheduleDoor(spec: spec, clients: clients).tasks() ?? []
                let found = Set(tasks.compactMap(\.role)).sorted { $0.precedes($1) }
                switch spec.place {
                case .rule: roles.ofRules += found.filter { !roles.ofRules.contains($0) }
                case .schedule: roles.ofSchedules += found.filter { !roles.ofSchedules.contains($0) }
                }
            } catch { roles.areUnknown = true }
        }
        return roles
    }
}
