import JSON
import Testing

@testable import Sandbox

/// A model with virtual time and a scripted runner instead of processes.
struct World {
    /// What a container does, by the first word of its command or, without one, by its image.
    enum Behaviour {
        case runs
        case exits(Int, after: Int)
        case cannotStart(String)
    }

    private struct Pending {
        let time: Int
        let order: Int
        let event: ProcessEvent
    }

    static let birth = 1_700_000_000_000

    var model: AWSModel
    var now = World.birth
    var behaviours: [String: Behaviour] = [:]
    /// Every effect that the model asked for, in order.
    private(set) var effects: [Effect] = []
    /// What the functions of lifecycle hooks answer.
    var hook: (HookCall) -> HookAnswer = { _ in .succeeded }
    private var pending: [Pending] = []
    private var hooks: [(time: Int, call: HookCall)] = []
    private var ended: Set<ContainerKey> = []

    init(limits: Limits = Limits(), seed: String = "test") throws {
        model = AWSModel(ecs: ECSModel(account: "123456789012", region: "us-east-1", seed: seed, limits: limits))
        try call("CreateCluster", ["clusterName": "prod"])
    }

    @discardableResult
    mutating func call(_ operation: String, _ input: JSON) throws(ECSFault) -> JSON {
        let result = model.handle(.ecs, operation, input, at: now)
        carryOut()
        return try result.get()
    }

    /// The code and message with which a call is refused; nil where it is not.
    mutating func refusal(_ operation: String, _ input: JSON) -> ECSFault? {
        do { try call(operation, input) } catch { return error }
        return nil
    }

    /// Lets virtual time pass.
    mutating func pass(_ milliseconds: Int) {
        let end = now + milliseconds
        while let moment = [pending.first?.time, hooks.first?.time, model.ecs.nextWake(after: now)].compactMap(\.self)
            .min(),
            moment <= end
        {
            now = max(now, moment)
            while let next = hooks.first, next.time <= now {
                hooks.removeFirst()
                model.ecs.report(hook(next.call), of: next.call.id, at: now)
            }
            while let next = pending.first, next.time <= now {
                pending.removeFirst()
                if case .exited = next.event, !ended.insert(next.event.key).inserted { continue }
                model.ecs.report(next.event, at: now)
            }
            carryOut()
        }
        now = end
        carryOut()
    }

    private mutating func carryOut() {
        for effect in model.ecs.advance(to: now) {
            effects.append(effect)
            switch effect {
            case .start(let launch): start(launch)
            case .stop(let key, _): plan(.exited(key, code: 143), after: 10)
            case .invoke(let call): hooks.append((now + 10, call))
            }
        }
    }

    private mutating func start(_ launch: ContainerLaunch) {
        switch behaviours[launch.command?.first ?? launch.image] ?? .runs {
        case .runs: plan(.started(launch.key, imageDigest: "sha256:1"), after: 5)
        case .exits(let code, let after):
            plan(.started(launch.key, imageDigest: "sha256:1"), after: 5)
            plan(.exited(launch.key, code: code), after: 5 + after)
        case .cannotStart(let reason): plan(.couldNotStart(launch.key, reason: reason), after: 5)
        }
    }

    private mutating func plan(_ event: ProcessEvent, after milliseconds: Int) {
        pending.append(Pending(time: now + milliseconds, order: pending.count, event: event))
        pending.sort { $0.time == $1.time ? $0.order < $1.order : $0.time < $1.time }
    }
}

/// Requests that many tests make.
extension World {
    static let network: JSON = ["awsvpcConfiguration": ["subnets": ["subnet-1"]]]

    /// - Returns: the new revision's ARN.
    @discardableResult
    mutating func register(_ family: String = "web", image: String = "web:1", _ more: JSON = [:]) throws -> String {
        var container: JSON = ["name": "app", "image": .string(image)]
        for member in more.object?.members ?? [] { container[member.key] = member.value }
        let answer = try call(
            "RegisterTaskDefinition",
            [
                "family": .string(family), "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
                "cpu": "256", "memory": "512", "containerDefinitions": [container],
            ])
        return try #require(answer["taskDefinition"]?["taskDefinitionArn"]?.string)
    }

    static func service(_ definition: String, count: Int = 2, _ configuration: JSON = [:]) -> JSON {
        [
            "cluster": "prod", "serviceName": "web", "taskDefinition": .string(definition),
            "desiredCount": .integer(count), "launchType": "FARGATE", "networkConfiguration": network,
            "deploymentConfiguration": configuration,
        ]
    }

    static let breaker: JSON = ["deploymentCircuitBreaker": ["enable": true, "rollback": true]]

    static func run(_ definition: String, _ more: JSON = [:]) -> JSON {
        var input: JSON = [
            "cluster": "prod", "taskDefinition": .string(definition), "launchType": "FARGATE",
            "networkConfiguration": network,
        ]
        for member in more.object?.members ?? [] { input[member.key] = member.value }
        return input
    }

    /// - Returns: the new task's ARN.
    mutating func runTask(_ definition: String, _ more: JSON = [:]) throws -> String {
        try #require(try call("RunTask", Self.run(definition, more))["tasks"]?.elements.first?["taskArn"]?.string)
    }

    mutating func task(_ arn: String) throws -> JSON {
        let answer = try call("DescribeTasks", ["cluster": "prod", "tasks": [.string(arn)], "include": ["TAGS"]])
        return try #require(answer["tasks"]?.elements.first)
    }

    mutating func service() throws -> JSON {
        let answer = try call("DescribeServices", ["cluster": "prod", "services": ["web"], "include": ["TAGS"]])
        return try #require(answer["services"]?.elements.first)
    }

    mutating func deployments() throws -> [JSON] { try service()["deployments"]?.elements ?? [] }
    mutating func primary() throws -> JSON { try #require(try deployments().first) }

    mutating func tasks(_ filter: JSON = [:]) throws -> [String] {
        var input: JSON = ["cluster": "prod"]
        for member in filter.object?.members ?? [] { input[member.key] = member.value }
        return try call("ListTasks", input)["taskArns"]?.elements.compactMap(\.string) ?? []
    }

    mutating func events() throws -> [String] {
        try service()["events"]?.elements.compactMap { $0["message"]?.string } ?? []
    }
}
