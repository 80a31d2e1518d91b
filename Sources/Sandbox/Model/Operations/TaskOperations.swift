import JSON

extension ECSModel {
    mutating func stopTask(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        let cluster = try clusterName(input)
        guard let id = taskID(try input.required("task"), in: cluster), var task = clusters[cluster]?.tasks[id] else {
            throw .parameter("The referenced task was not found.")
        }
        if task.isAlive {
            let reason = try input.string("reason") ?? "Task stopped by user"
            effects += task.stop(.user, reason, at: now, limits)
            // "When you call StopTask on a task ... tags that are associated with the task are deleted." (StopTask)
            task.tags = TagList()
            store(task, in: cluster, at: now)
        }
        return ["task": task.json(cluster: naming.cluster(cluster), includeTags: true)]
    }

    func describeTasks(_ input: Input) throws(ECSFault) -> JSON {
        let cluster = try clusterName(input)
        let texts = try input.strings("tasks") ?? []
        guard !texts.isEmpty else { throw .parameter("Tasks cannot be empty.") }
        guard texts.count <= 100 else { throw .parameter("Tasks count can not be more than 100.") }
        let includesTags = try input.strings("include")?.contains("TAGS") ?? false
        var found: [JSON] = []
        var failures: [JSON] = []
        for text in texts {
            if let id = taskID(text, in: cluster), let task = clusters[cluster]?.tasks[id] {
                found.append(task.json(cluster: naming.cluster(cluster), includeTags: includesTags))
            } else {
                failures.append(Self.missing(text.hasPrefix("arn:") ? text : naming.task(text, in: cluster)))
            }
        }
        return ["tasks": .array(found), "failures": .array(failures)]
    }

    /// "When you specify startedBy as the filter, it must be the only filter that you use." (ListTasks)
    func listTasks(_ input: Input) throws(ECSFault) -> JSON {
        let cluster = try clusterName(input)
        let startedBy = try input.string("startedBy")
        let family = try input.string("family")
        let service = try input.string("serviceName").map { serviceName($0, in: cluster) }
        let launchType = try input.string("launchType")
        let status = try input.string("desiredStatus")
        if startedBy != nil, [family, service, launchType, status].contains(where: { $0 != nil }) {
            throw .parameter("startedBy cannot be combined with other filters.")
        }
        if let status, !["RUNNING", "PENDING", "STOPPED"].contains(status) {
            throw .parameter("desiredStatus should be one of [RUNNING, PENDING, STOPPED].")
        }
        if let service, clusters[cluster]?.services[service] == nil { throw .noService }
        let shown = (clusters[cluster]?.tasksInOrder ?? []).filter { task in
            // PENDING is accepted and finds nothing: no task's desired status is ever that.
            task.desiredStatus == status ?? "RUNNING" && (startedBy == nil || startedBy == task.origin.startedBy)
                && (family == nil || family == task.origin.family)
                && (service == nil || service == task.origin.service)
                && (launchType == nil || launchType == task.origin.launchType)
        }
        return try Page.answer("taskArns", of: shown.map(\.arn), input)
    }

    /// The id in an ARN of this cluster, or the id itself.
    private func taskID(_ text: String, in cluster: String) -> String? {
        guard let rest = naming.shortName(text, kind: "task") else { return nil }
        guard text.hasPrefix("arn:") else { return rest }
        return rest.hasPrefix("\(cluster)/") ? String(rest.dropFirst(cluster.count + 1)) : nil
    }
}
