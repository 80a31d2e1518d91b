import JSON

extension ECSModel {
    /// RunTask with its idempotency (ECS API Reference, RunTask and "Ensuring idempotency"): the scope of a token is the
    /// cluster; a repeat with the same parameters answers with the same tasks; with others it is a ConflictException.
    mutating func runTask(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        try Modelled.runTask.check(input)
        let cluster = try clusterName(input)
        var parameters = input.json
        parameters["clientToken"] = nil
        let token = try self.token(input, longest: 64)
        if let token, let answer = try repeated(token, parameters.canonical, in: cluster, at: now) { return answer }
        let revision = try runnableRevision(try input.required("taskDefinition"))
        let request = try RunRequest(input, revision)
        try check(request.settings, revision)
        var ids: [String] = []
        let origin = origin(
            revision, group: request.group ?? "family:\(revision.family)", startedBy: request.startedBy,
            service: nil, request.settings, overrides: request.shownOverrides)
        for _ in 0..<request.count {
            guard
                let id = createTask(of: revision, origin, request.overrides, request.tags, in: cluster, at: now)
            else { break }
            ids.append(id)
        }
        // A call that launched nothing does not bind its token: the life of no task is over.
        if let token, !ids.isEmpty {
            clusters[cluster]?.tokens[token] = RunToken(
                parameters: parameters.canonical, tasks: ids, createdAt: now)
        }
        let failures = (ids.count..<request.count).map { _ -> JSON in ["reason": .string(Self.noCapacity)] }
        let tasks = ids.compactMap { clusters[cluster]?.tasks[$0] }
        return [
            "tasks": .array(tasks.map { $0.json(cluster: naming.cluster(cluster), includeTags: true) }),
            "failures": .array(failures),
        ]
    }

    private mutating func repeated(
        _ token: String, _ parameters: String, in cluster: String, at now: Int
    ) throws(ECSFault) -> JSON? {
        guard let known = clusters[cluster]?.tokens[token] else { return nil }
        let tasks = known.tasks.compactMap { clusters[cluster]?.tasks[$0] }
        guard known.isAlive(at: now, tasks) else {
            clusters[cluster]?.tokens[token] = nil
            return nil
        }
        guard known.parameters == parameters else {
            throw .tokenInUse(by: known.tasks.map { naming.task($0, in: cluster) })
        }
        let arn = naming.cluster(cluster)
        return [
            "tasks": .array(tasks.map { $0.isAlive ? $0.json(cluster: arn, includeTags: true) : $0.brief }),
            "failures": [],
        ]
    }
}

/// The parameters of RunTask, read and checked.
private struct RunRequest {
    let count: Int
    let group: String?
    let startedBy: String?
    let settings: LaunchSettings
    let overrides: TaskOverrides
    let shownOverrides: JSON
    let tags: TagList

    init(_ input: Input, _ revision: RevisionRecord) throws(ECSFault) {
        count = try input.integer("count") ?? 1
        guard (1...10).contains(count) else { throw .parameter("Count must be between 1 and 10.") }
        group = try input.string("group")
        startedBy = try input.string("startedBy")
        if let startedBy {
            let isAllowed = startedBy.utf8.allSatisfy { ECSModel.isNameByte($0) || $0 == UInt8(ascii: "/") }
            guard startedBy.utf8.count <= 128, isAllowed else {
                throw .parameter("startedBy must have at most 128 letters, numbers, hyphens, slashes and underscores.")
            }
        }
        settings = try LaunchSettings(input)
        let wanted = try input.object("overrides")
        overrides = try TaskOverrides(wanted, of: revision)
        var shown = ECSModel.noOverrides
        for member in wanted?.json.object?.members ?? [] { shown[member.key] = member.value }
        shownOverrides = shown
        var tags = try TagList(try input.objects("tags"))
        if let propagation = try input.string("propagateTags") {
            // "SERVICE" and "NONE" are refused for tasks (ECS API Reference, RunTask.propagateTags).
            guard propagation == "TASK_DEFINITION" else {
                throw .parameter("Invalid value for propagateTags: \(propagation)")
            }
            tags.merge(revision.tags)
        }
        self.tags = tags
    }
}
