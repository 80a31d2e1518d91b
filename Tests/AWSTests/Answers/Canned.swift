import AWS
import JSON
import Time

/// A transport that answers every call with the same.
struct Canned: Transport {
    let answer: Result<HTTPResponse, TransportError>

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse { try answer.get() }

    init(_ answer: Result<HTTPResponse, TransportError>) { self.answer = answer }

    init(_ body: String, status: Int = 200, headers: [String: String] = [:]) {
        self.init(Array(body.utf8), status: status, headers: headers)
    }

    init(_ body: [UInt8], status: Int = 200, headers: [String: String] = [:]) {
        answer = .success(
            HTTPResponse(status: status, headers: headers.map { HTTPHeader($0.key, $0.value) }, body: body))
    }
}

/// The operations of the typed clients, each called as the tool calls it.
enum Operation: String, CaseIterable, Sendable {
    case describeServices, describeTaskDefinition, listTaskDefinitions, registerTaskDefinition, runTask, describeTasks
    case listTasks, updateService, stopTask, tagResource, describeImages, getLogEvents, getCallerIdentity

    static let mutating: [Operation] = [
        .registerTaskDefinition, .runTask, .updateService, .stopTask, .tagResource,
    ]
    static let reading = allCases.filter { !mutating.contains($0) }

    /// What the operation makes of an answer, in one line: the values that decisions rest on, or the error.
    func outcome(_ transport: Canned) async -> String {
        let settings = Settings(
            region: "us-east-1",
            credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: nil))
        let caller = Caller(
            settings: settings, transport: transport,
            clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero }))
        do throws(AWSError) { return try await value(caller) } catch { return Self.text(error) }
    }

    private func value(_ caller: Caller) async throws(AWSError) -> String {
        let ecs = ECSClient(caller)
        switch self {
        case .describeServices:
            let answer = try await ecs.describeServices(cluster: "c", names: ["web"])
            return Self.text(answer.services.map(Self.text), answer.absences)
        case .describeTaskDefinition: return Self.text(try await ecs.describeTaskDefinition("app:1"))
        case .registerTaskDefinition:
            return Self.text(
                try await ecs.registerTaskDefinition(
                    ["family": "app", "containerDefinitions": [["name": "a", "image": "r"]]], tags: [:]))
        case .listTaskDefinitions:
            let answer = try await ecs.listTaskDefinitions(family: "app")
            return "\(answer.arns) then \(answer.next ?? "the end")"
        case .runTask:
            let answer = try await ecs.runTask(
                RunTaskRequest(
                    cluster: "c", taskDefinition: "app:1", container: "app", command: ["m"], environment: [:],
                    taskRoleARN: nil, launch: LaunchSettings([:]), clientToken: "t", startedBy: "s", tags: [:]))
            return Self.text(answer.tasks.map(Self.text), answer.absences)
        case .describeTasks:
            let answer = try await ecs.describeTasks(cluster: "c", arns: ["arn:task/c/1"])
            return Self.text(answer.tasks.map(Self.text), answer.absences)
        case .listTasks: return "\(try await ecs.listTasks(cluster: "c", .startedBy("s")).arns)"
        case .updateService:
            return Self.text(
                try await ecs.updateService(cluster: "c", service: "web", taskDefinition: "app:2", desiredCount: nil))
        case .stopTask:
            try await ecs.stopTask(cluster: "c", arn: "arn:task/c/1", reason: "r")
            return "stopped"
        case .tagResource:
            try await ecs.tagResource(arn: "app:1", tags: ["a": "b"])
            return "done"
        case .describeImages:
            return try await ECRClient(caller).digest(registry: "1", region: "r", repository: "app", tag: "v1")
                ?? "no tag"
        case .getLogEvents:
            let page = try await LogsClient(caller).events(group: "g", stream: "s", after: nil, region: nil)
            return page.map { "\($0.events.map(\.message)) then \($0.next ?? "the end")" } ?? "no stream"
        case .getCallerIdentity: return try await STSClient(caller).identity().arn
        }
    }

    private static func text(_ found: [String], _ absences: [ECSClient.Absence]) -> String {
        (found + absences.map { "absent \($0.arn) \($0.reason)" }).joined(separator: "; ")
    }

    private static func text(_ service: ECSService) -> String {
        let deployments = service.deployments.map {
            "\($0.status) \($0.rolloutState ?? "-") \($0.runningCount)/\($0.desiredCount)+\($0.pendingCount)"
        }
        return
            "\(service.name) \(service.status) \(service.runningCount)/\(service.desiredCount)+\(service.pendingCount)"
            + " \(service.deploymentController) \(deployments)"
    }

    private static func text(_ task: ECSTask) -> String {
        let containers = task.containers.map { "\($0.name)=\($0.exitCode.map(String.init) ?? "nil")" }
        return "\(task.id) \(task.lastStatus) \(task.stopCode ?? "-")\(task.hasStarted ? " started" : "") \(containers)"
    }

    private static func text(_ revision: TaskDefinitionRevision) -> String {
        "\(revision.arn) \(revision.family) \(revision.status) \(revision.tags.sorted { $0.key < $1.key }.map { "\($0)=\($1)" })"
    }

    private static func text(_ error: AWSError) -> String {
        let kind: String
        switch error.kind {
        case .refused(let code, let status): kind = "refused \(code) \(status)"
        case .unanswered(let reason, _): kind = "unanswered \(reason)"
        case .foreign(let status): kind = "foreign \(status)"
        case .malformed: kind = "malformed"
        case .withoutKeys: kind = "without keys"
        case .notSent: kind = "not sent"
        }
        return kind + (error.isTransient ? ", transient" : "") + (error.mayHaveHadEffect ? ", may have had effect" : "")
            + ": \(error.message)"
    }
}
