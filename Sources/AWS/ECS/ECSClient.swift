import JSON

/// Amazon Elastic Container Service: the operations that observing and converging need, one method each.
///
/// Names and limits are those of the ECS API Reference. Every method makes one call and throws ``AWSError``.
public struct ECSClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// The values that are hidden in what it answers.
    public var secrets: Secrets { caller.secrets }

    /// What a batch answer left out, and why: `MISSING` for what does not exist.
    public struct Absence: Sendable, Equatable {
        public let arn: String
        public let reason: String
        public let detail: Untrusted?
    }

    /// At most 10 services of one cluster.
    public func describeServices(
        cluster: String, names: [String]
    ) async throws(AWSError) -> (services: [ECSService], absences: [Absence]) {
        let (answer, reader) = try await call(
            "DescribeServices", ["cluster": .string(cluster), "services": JSON(names)])
        let batch = try batch("services", of: answer, reader)
        let services = try batch.found.map { (json) throws(AWSError) in try ECSService(json, reader) }
        for service in services where !ClusterName(cluster).names(service.clusterARN) {
            throw reader.malformed("the answer has service \(service.name) of \(service.clusterARN), not of \(cluster)")
        }
        try refuseOthers(services.map(\.name), than: names.map { String(Self.name(of: $0)) }, reader)
        return (services, batch.absences + unmentioned(names, services.map(\.arn), batch.absences))
    }

    /// The names of a cluster's services, one page of at most 100.
    public func listServices(
        cluster: String, after token: String? = nil
    ) async throws(AWSError) -> (names: [String], next: String?) {
        let (answer, reader) = try await call(
            "ListServices", .members(["cluster": cluster, "maxResults": 100, "nextToken": token]))
        return (
            try reader.texts("serviceArns", of: answer).map { String(Self.name(of: $0)) },
            try reader.text("nextToken", of: answer, "the answer")
        )
    }

    /// What deployments of services really run: at most 20.
    public func describeServiceRevisions(_ arns: [String]) async throws(AWSError) -> [ServiceRevision] {
        let (answer, reader) = try await call("DescribeServiceRevisions", ["serviceRevisionArns": JSON(arns)])
        return try batch("serviceRevisions", of: answer, reader).found.map { (json) throws(AWSError) in
            try ServiceRevision(json, reader)
        }
    }

    /// One revision with its tags; `name` is an ARN, `family:revision`, or a family for its newest active one.
    public func describeTaskDefinition(_ name: String) async throws(AWSError) -> TaskDefinitionRevision {
        let (answer, reader) = try await call(
            "DescribeTaskDefinition", ["taskDefinition": .string(name), "include": ["TAGS"]])
        return try TaskDefinitionRevision(answer, reader)
    }

    /// ARNs of a family's revisions, one page of at most 100. Neither order nor exact family is relied on: servers
    /// that other people wrote sort differently and match prefixes.
    public func listTaskDefinitions(
        family: String, isActive: Bool = true, after token: String? = nil
    ) async throws(AWSError) -> (arns: [String], next: String?) {
        let (answer, reader) = try await call(
            "ListTaskDefinitions",
            .members([
                "familyPrefix": family, "status": isActive ? "ACTIVE" : "INACTIVE", "sort": "DESC", "maxResults": 100,
                "nextToken": token,
            ]))
        return (
            try reader.texts("taskDefinitionArns", of: answer), try reader.text("nextToken", of: answer, "the answer")
        )
    }

    /// Registers a revision. Takes no token: a repeat makes another revision.
    ///
    /// - Parameter definition: the request as ECS takes it, without tags.
    public func registerTaskDefinition(
        _ definition: JSON, tags: [String: String]
    ) async throws(AWSError) -> TaskDefinitionRevision {
        var input = definition
        input["tags"] = Tags.write(tags)
        let (answer, reader) = try await change("RegisterTaskDefinition", input)
        let revision = try TaskDefinitionRevision(answer, reader)
        if let other = Self.contradiction(revision, to: definition) { throw reader.malformed(other) }
        return revision
    }

    /// Why an answer is not about what was sent: a server may show more than that, and nothing else.
    private static func contradiction(_ revision: TaskDefinitionRevision, to sent: JSON) -> String? {
        let images = { (definition: JSON) in
            (definition["containerDefinitions"]?.elements ?? []).map {
                "\($0["name"]?.string ?? "") \($0["image"]?.string ?? "")"
            }.sorted()
        }
        if sent["family"]?.string != revision.family { return "the answer is about the family \(revision.family)" }
        if images(sent) != images(revision.document) {
            return "the answer has other containers or images than were sent"
        }
        return revision.status == "ACTIVE" ? nil : "the new revision is \(revision.status)"
    }

    /// Starts one task. A repeat with the same token and parameters answers with the same task.
    ///
    /// - Throws: ``AWSError`` of kind `malformed` for an answer that has another task than the one that was asked for.
    public func runTask(_ request: RunTaskRequest) async throws(AWSError) -> (tasks: [ECSTask], absences: [Absence]) {
        let (answer, reader) = try await change("RunTask", request.json)
        let (tasks, absences) = try tasks(in: answer, reader)
        // One task was asked for: that there is neither it nor a reason does not say that it was not started.
        guard !tasks.isEmpty || !absences.isEmpty else {
            throw AWSError(
                operation: "ecs:RunTask", kind: .malformed, message: "the answer has neither a task nor a reason")
        }
        if let other = request.refusal(of: tasks) { throw reader.malformed(other) }
        return (tasks, absences)
    }

    /// At most 100 tasks of one cluster, with their tags.
    public func describeTasks(
        cluster: String, arns: [String]
    ) async throws(AWSError) -> (tasks: [ECSTask], absences: [Absence]) {
        let (answer, reader) = try await call(
            "DescribeTasks", .members(["cluster": cluster, "tasks": arns, "include": ["TAGS"]]))
        let (tasks, absences) = try tasks(in: answer, reader)
        try refuseOthers(tasks.map(\.arn), than: arns, reader)
        return (tasks, absences + unmentioned(arns, tasks.map(\.arn), absences))
    }

    /// Which tasks ListTasks is asked for. `startedBy` must be the only filter, and then shows tasks that are not stopped.
    public enum TaskFilter: Sendable {
        case startedBy(String)
        case running(service: String)
        /// Those that ECS has asked to stop: some of them may not have stopped yet.
        case stopped(service: String)
        case stoppedOfFamily(String)
        case runningOfFamily(String)
    }

    /// ARNs of tasks of one cluster, one page of at most 100.
    public func listTasks(
        cluster: String, _ filter: TaskFilter, after token: String? = nil
    ) async throws(AWSError) -> (arns: [String], next: String?) {
        var input: JSON = ["cluster": .string(cluster)]
        switch filter {
        case .startedBy(let startedBy): input["startedBy"] = .string(startedBy)
        case .running(let service): input["serviceName"] = .string(service)
        case .stopped(let service):
            input["serviceName"] = .string(service)
            input["desiredStatus"] = "STOPPED"
        case .runningOfFamily(let family): input["family"] = .string(family)
        case .stoppedOfFamily(let family):
            input["family"] = .string(family)
            input["desiredStatus"] = "STOPPED"
        }
        if let token { input["nextToken"] = .string(token) }
        let (answer, reader) = try await call("ListTasks", input)
        // That none is listed lets a migration begin: a list that is not there is not an empty one.
        return (try reader.texts("taskArns", of: answer), try reader.text("nextToken", of: answer, "the answer"))
    }

    /// Ends a task: its containers are asked to, and killed after their stop time-out. Its tags are deleted (StopTask).
    ///
    /// - Throws: ``AWSError`` of kind `malformed` for an answer without this task.
    public func stopTask(cluster: String, arn: String, reason: String) async throws(AWSError) {
        let (answer, reader) = try await change(
            "StopTask", .members(["cluster": cluster, "task": arn, "reason": reason]))
        let stopped = try reader.string("taskArn", of: try reader.object("task", of: answer), "the task")
        try refuseOthers([stopped], than: [arn], reader)
    }

    /// Points a service at a revision. All fields are absolute, so a repeat changes nothing more.
    ///
    /// - Parameters:
    ///   - taskDefinition: nil leaves the revision as it is.
    ///   - desiredCount: nil leaves the count to whoever owns it.
    ///   - deploymentConfiguration: in AWS's own shape, whole; nil leaves it as it is.
    ///   - networkConfiguration: the same; another one than before starts a deployment.
    ///   - isForced: starts a deployment even of the same revision, each time that it is sent.
    public func updateService(
        cluster: String, service: String, taskDefinition: String?, desiredCount: Int?,
        deploymentConfiguration: JSON? = nil, networkConfiguration: JSON? = nil, isForced: Bool = false
    ) async throws(AWSError) -> ECSService {
        let (answer, reader) = try await change(
            "UpdateService",
            .members([
                "cluster": cluster, "service": service, "taskDefinition": taskDefinition, "desiredCount": desiredCount,
                "deploymentConfiguration": deploymentConfiguration, "networkConfiguration": networkConfiguration,
                "forceNewDeployment": isForced ? true : nil,
            ]))
        return try self.service(service, of: cluster, in: answer, reader)
    }

    /// Creates a service. A repeat with the same token and parameters answers with the service that is there.
    ///
    /// - Parameters:
    ///   - settings: the request, apart from the names of cluster, service and revision and the token.
    ///   - token: at most 36 characters.
    public func createService(
        cluster: String, service: String, taskDefinition: String, settings: JSON, token: String
    ) async throws(AWSError) -> ECSService {
        var input = settings
        input["cluster"] = .string(cluster)
        input["serviceName"] = .string(service)
        input["taskDefinition"] = .string(taskDefinition)
        input["clientToken"] = .string(token)
        let (answer, reader) = try await change("CreateService", input)
        return try self.service(service, of: cluster, in: answer, reader)
    }

    /// The service of an answer, which must be the one that was changed.
    private func service(
        _ name: String, of cluster: String, in answer: JSON, _ reader: AnswerReader
    ) throws(AWSError) -> ECSService {
        let changed = try ECSService(try reader.object("service", of: answer), reader)
        guard changed.name == Self.name(of: name), ClusterName(cluster).names(changed.clusterARN) else {
            throw reader.malformed("the answer has service \(changed.name) of \(changed.clusterARN), not \(name)")
        }
        return changed
    }

    /// Adds tags to a revision.
    public func tagResource(arn: String, tags: [String: String]) async throws(AWSError) {
        _ = try await change("TagResource", ["resourceArn": .string(arn), "tags": Tags.write(tags)])
    }

    func call(
        _ operation: String, _ input: JSON, isMutating: Bool = false
    ) async throws(AWSError) -> (answer: JSON, reader: AnswerReader) {
        let answer = try await caller.call(.ecs, operation, input, isMutating: isMutating)
        return (answer, AnswerReader(operation: "ecs:\(operation)", secrets: caller.secrets))
    }

    func change(
        _ operation: String, _ input: JSON
    ) async throws(AWSError) -> (answer: JSON, reader: AnswerReader) {
        try await call(operation, input, isMutating: true)
    }

    private func tasks(
        in answer: JSON, _ reader: AnswerReader
    ) throws(AWSError) -> (tasks: [ECSTask], absences: [Absence]) {
        let batch = try batch("tasks", of: answer, reader)
        return (try batch.found.map { (json) throws(AWSError) in try ECSTask(json, reader) }, batch.absences)
    }

    /// What was found and what was not. An answer that has neither list says nothing.
    func batch(
        _ key: String, of answer: JSON, _ reader: AnswerReader
    ) throws(AWSError) -> (found: [JSON], absences: [Absence]) {
        let found = try reader.list(key, of: answer)
        let absences = try (reader.list("failures", of: answer) ?? []).map { (failure) throws(AWSError) in
            guard failure.object != nil else { throw reader.malformed("a failure in the answer is not an object") }
            return Absence(
                arn: try reader.text("arn", of: failure, "a failure") ?? "",
                reason: try reader.text("reason", of: failure, "a failure") ?? "without a reason",
                detail: try reader.untrusted("detail", of: failure, "a failure"))
        }
        guard found != nil || !absences.isEmpty else {
            throw reader.malformed("the answer has neither \(key) nor failures")
        }
        return (found ?? [], absences)
    }

    /// What is shown must be what was asked for, once: else it is evidence of something else.
    func refuseOthers(_ found: [String], than asked: [String], _ reader: AnswerReader) throws(AWSError) {
        var open = Set(asked)
        for name in found where open.remove(name) == nil {
            throw reader.malformed("the answer names \(name), which was not asked for, or twice")
        }
    }

    private static func name(of arn: String) -> Substring { arn.split(separator: "/").last ?? "" }

    /// What was asked for and neither found nor said to be missing: some servers leave it out, and then nothing is known
    /// of it.
    private func unmentioned(_ asked: [String], _ found: [String], _ absences: [Absence]) -> [Absence] {
        let mentioned = Set((found + absences.map(\.arn)).map(Self.name))
        return asked.filter { !mentioned.contains(Self.name(of: $0)) }
            .map { Absence(arn: $0, reason: "not mentioned in the answer", detail: nil) }
    }
}
