import JSON

/// Amazon Elastic Container Service: the operations that observing and converging need, one method each.
///
/// Names and limits are those of the ECS API Reference. Every method makes one call and throws ``AWSError``.
public struct ECSClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// What a batch answer left out, and why: `MISSING` for what does not exist.
    public struct Absence: Sendable, Equatable {
        public let arn: String
        public let reason: String
        public let detail: String?
    }

    /// At most 10 services of one cluster.
    public func describeServices(
        cluster: String, names: [String]
    ) async throws(AWSError) -> (services: [ECSService], absences: [Absence]) {
        let answer = try await call("DescribeServices", ["cluster": .string(cluster), "services": JSON(names)])
        var services: [ECSService] = []
        for json in answer["services"]?.elements ?? [] {
            services.append(try ECSService(json, AnswerReader(operation: "ecs:DescribeServices")))
        }
        return (services, absences(in: answer))
    }

    /// One revision with its tags; `name` is an ARN, `family:revision`, or a family for its newest active one.
    public func describeTaskDefinition(_ name: String) async throws(AWSError) -> TaskDefinitionRevision {
        let answer = try await call("DescribeTaskDefinition", ["taskDefinition": .string(name), "include": ["TAGS"]])
        return try TaskDefinitionRevision(answer, AnswerReader(operation: "ecs:DescribeTaskDefinition"))
    }

    /// ARNs of a family's active revisions, one page of at most 100. Neither order nor exact family is relied on: servers
    /// that other people wrote sort differently and match prefixes.
    public func listTaskDefinitions(
        family: String, after token: String? = nil
    ) async throws(AWSError) -> (arns: [String], next: String?) {
        let answer = try await call(
            "ListTaskDefinitions",
            .object(dropping: [
                "familyPrefix": .string(family), "status": "ACTIVE", "sort": "DESC", "maxResults": 100,
                "nextToken": token.map(JSON.string),
            ]))
        return (answer["taskDefinitionArns"]?.elements.compactMap(\.string) ?? [], answer["nextToken"]?.string)
    }

    /// Registers a revision. Takes no token: a repeat makes another revision.
    ///
    /// - Parameter definition: the request as ECS takes it, without tags.
    public func registerTaskDefinition(
        _ definition: JSON, tags: [String: String]
    ) async throws(AWSError) -> TaskDefinitionRevision {
        var input = definition
        input["tags"] = Tags.write(tags)
        let answer = try await change("RegisterTaskDefinition", input)
        return try TaskDefinitionRevision(answer, AnswerReader(operation: "ecs:RegisterTaskDefinition"))
    }

    /// Starts one task. A repeat with the same token and parameters answers with the same task.
    public func runTask(_ request: RunTaskRequest) async throws(AWSError) -> (tasks: [ECSTask], absences: [Absence]) {
        let answer = try await change("RunTask", request.json)
        return (try tasks(in: answer, "RunTask"), absences(in: answer))
    }

    /// At most 100 tasks of one cluster, with their tags.
    public func describeTasks(
        cluster: String, arns: [String]
    ) async throws(AWSError) -> (tasks: [ECSTask], absences: [Absence]) {
        let answer = try await call(
            "DescribeTasks", ["cluster": .string(cluster), "tasks": JSON(arns), "include": ["TAGS"]])
        return (try tasks(in: answer, "DescribeTasks"), absences(in: answer))
    }

    /// Which tasks ListTasks is asked for. `startedBy` must be the only filter, and then shows tasks that are not stopped.
    public enum TaskFilter: Sendable {
        case startedBy(String)
        case stopped(service: String)
    }

    /// ARNs of at most 100 tasks of one cluster.
    public func listTasks(cluster: String, _ filter: TaskFilter) async throws(AWSError) -> [String] {
        var input: JSON = ["cluster": .string(cluster)]
        switch filter {
        case .startedBy(let startedBy): input["startedBy"] = .string(startedBy)
        case .stopped(let service):
            input["serviceName"] = .string(service)
            input["desiredStatus"] = "STOPPED"
        }
        return try await call("ListTasks", input)["taskArns"]?.elements.compactMap(\.string) ?? []
    }

    /// Points a service at a revision. All fields are absolute, so a repeat changes nothing more.
    ///
    /// - Parameters:
    ///   - taskDefinition: nil leaves the revision as it is.
    ///   - desiredCount: nil leaves the count to whoever owns it.
    public func updateService(
        cluster: String, service: String, taskDefinition: String?, desiredCount: Int?
    ) async throws(AWSError) -> ECSService {
        let answer = try await change(
            "UpdateService",
            .object(dropping: [
                "cluster": .string(cluster), "service": .string(service),
                "taskDefinition": taskDefinition.map(JSON.string), "desiredCount": desiredCount.map(JSON.integer),
            ]))
        let reader = AnswerReader(operation: "ecs:UpdateService")
        return try ECSService(try reader.object("service", of: answer), reader)
    }

    /// Adds tags to a revision.
    public func tagResource(arn: String, tags: [String: String]) async throws(AWSError) {
        _ = try await change("TagResource", ["resourceArn": .string(arn), "tags": Tags.write(tags)])
    }

    private func call(_ operation: String, _ input: JSON) async throws(AWSError) -> JSON {
        try await caller.call(.ecs, operation, input)
    }

    private func change(_ operation: String, _ input: JSON) async throws(AWSError) -> JSON {
        try await caller.call(.ecs, operation, input, isMutating: true)
    }

    private func tasks(in answer: JSON, _ operation: String) throws(AWSError) -> [ECSTask] {
        var tasks: [ECSTask] = []
        for json in answer["tasks"]?.elements ?? [] {
            tasks.append(try ECSTask(json, AnswerReader(operation: "ecs:\(operation)")))
        }
        return tasks
    }

    private func absences(in answer: JSON) -> [Absence] {
        (answer["failures"]?.elements ?? []).map {
            Absence(
                arn: $0["arn"]?.string ?? "", reason: $0["reason"]?.string ?? "without a reason",
                detail: $0["detail"]?.string)
        }
    }
}
