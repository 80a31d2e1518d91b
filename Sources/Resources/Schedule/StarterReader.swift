import AWS
import Manifest

/// Reads what starts tasks in a cluster: rules of EventBridge, schedules of EventBridge Scheduler, state machines of Step
/// Functions. What is disabled starts nothing and is left out. What cannot be read is a gap, and nothing is concluded from it.
struct StarterReader: Sendable {
    let clients: Clients
    let cluster: Cluster
    /// The buses whose rules are read.
    let buses: [String]

    /// How many calls are under way at once.
    private static let width = 8
    /// How many schedules are listed: an account may have a million.
    private static let mostSchedules = 1_000
    /// How many state machines are read, a call for each.
    private static let mostMachines = 200

    func read() async -> StarterSurvey {
        async let schedules = schedules()
        async let machines = machines()
        var survey = StarterSurvey()
        for bus in buses { survey.add(await rules(on: bus)) }
        survey.add(await schedules)
        survey.add(await machines)
        return survey
    }

    private func rules(on bus: String) async -> StarterSurvey {
        let names: [String]
        do { names = try await clients.events.rules(onto: cluster.arn, bus: bus) } catch {
            return gap("rules of EventBridge", error)
        }
        return await each(names, "rules of EventBridge") { (name) throws(AWSError) in
            let tasks = try await clients.events.tasks(of: name, bus: bus) ?? []
            let found = starters(tasks, .scheduled(.rule(bus: bus)), name)
            guard !found.isEmpty, try await clients.events.isEnabled(name, bus: bus) == true else { return [] }
            return found
        }
    }

    private func schedules() async -> StarterSurvey {
        var listed: [SchedulerClient.Listed] = []
        var next: String?
        var count = 0
        repeat {
            do throws(AWSError) {
                let page = try await clients.scheduler.list(after: next)
                listed += page.schedules.filter { $0.isEnabled && $0.target == cluster.arn }
                count += page.schedules.count
                next = page.next
            } catch { return gap("schedules of EventBridge Scheduler", error) }
        } while next != nil && count < Self.mostSchedules
        var survey = await each(listed, "schedules of EventBridge Scheduler") { (schedule) throws(AWSError) in
            let tasks = try await clients.scheduler.tasks(of: schedule.name, group: schedule.group) ?? []
            return starters(tasks, .scheduled(.schedule(group: schedule.group)), schedule.name)
        }
        if next != nil { survey.gaps.append("only the first \(count) schedules of EventBridge Scheduler are compared") }
        return survey
    }

    private func machines() async -> StarterSurvey {
        var listed: [StatesClient.Machine] = []
        var next: String?
        repeat {
            do throws(AWSError) {
                let page = try await clients.states.list(after: next)
                listed += page.machines
                next = page.next
            } catch { return gap("state machines of Step Functions", error) }
        } while next != nil && listed.count < Self.mostMachines
        let isCut = next != nil || listed.count > Self.mostMachines
        listed = Array(listed.prefix(Self.mostMachines))
        var survey = await each(listed, "state machines of Step Functions") { (machine) throws(AWSError) in
            starters(try await clients.states.tasks(of: machine) ?? [], .stateMachine, machine.name)
        }
        if isCut { survey.gaps.append("only the first \(listed.count) state machines are compared") }
        return survey
    }

    /// Those that start something in this cluster, each task definition once.
    private func starters(_ tasks: [ScheduledTask], _ place: TaskStarter.Place, _ name: String) -> [TaskStarter] {
        var found: [TaskStarter] = []
        for task in tasks where cluster.isNamed(task.cluster) {
            guard let reference = TaskReference(task.definition) else { continue }
            let starter = TaskStarter(place: place, name: name, reference: reference)
            if !found.contains(starter) { found.append(starter) }
        }
        return found
    }

    /// Some at once, in their order.
    private func each<Item: Sendable>(
        _ items: [Item], _ what: String,
        _ read: @escaping @Sendable (Item) async throws(AWSError) -> [TaskStarter]
    ) async -> StarterSurvey {
        var survey = StarterSurvey()
        for start in stride(from: 0, to: items.count, by: Self.width) {
            let wave = items[start..<min(start + Self.width, items.count)]
            let parts = await withTaskGroup(of: (Int, StarterSurvey).self) { group in
                for (index, item) in wave.enumerated() {
                    group.addTask {
                        do throws(AWSError) { return (index, StarterSurvey(starters: try await read(item))) } catch {
                            return (index, gap(what, error))
                        }
                    }
                }
                var parts: [(Int, StarterSurvey)] = []
                for await part in group { parts.append(part) }
                return parts.sorted { $0.0 < $1.0 }
            }
            for part in parts { survey.add(part.1) }
        }
        return survey
    }

    private func gap(_ what: String, _ error: AWSError) -> StarterSurvey {
        // Servers that play AWS often lack these services: there is nothing to compare then.
        if error.isUnsupported { return StarterSurvey() }
        let reason =
            error.isAccessDenied
            ? "allow \(error.missingPermission ?? error.operation) to the credentials in use" : error.description
        return StarterSurvey(gaps: ["the \(what) are not compared: \(reason)"])
    }
}

extension Cluster {
    /// Whether a target that names a cluster by its name or its ARN means this one.
    fileprivate func isNamed(_ text: String) -> Bool {
        text == arn || (!text.hasPrefix("arn:") && text == arn.split(separator: "/").last ?? "")
    }
}
