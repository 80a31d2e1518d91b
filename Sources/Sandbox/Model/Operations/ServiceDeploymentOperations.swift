import JSON

extension ECSModel {
    /// (ECS API Reference, ListServiceDeployments.) The newest first.
    func listServiceDeployments(_ input: Input) throws(ECSFault) -> JSON {
        let cluster = try clusterName(input)
        let name = serviceName(try input.required("service"), in: cluster)
        guard let service = clusters[cluster]?.services[name] else { throw .noService }
        let statuses = try input.strings("status") ?? []
        let times = try input.object("createdAt")
        let after = try times?.number("after").map { Int($0 * 1_000) }
        let before = try times?.number("before").map { Int($0 * 1_000) }
        let shown = service.history.filter { deployment in
            (statuses.isEmpty || statuses.contains(deployment.status.rawValue))
                && after.map { deployment.createdAt >= $0 } ?? true && before.map { deployment.createdAt <= $0 } ?? true
        }
        let most = min(try input.integer("maxResults") ?? 20, 100)
        let start = try input.string("nextToken").flatMap(Int.init) ?? 0
        let page = shown.dropFirst(start).prefix(most)
        let next = start + page.count < shown.count ? JSON.string(String(start + page.count)) : nil
        return .object(dropping: [
            "serviceDeployments": .array(page.map { $0.brief(of: service, cluster: naming.cluster(cluster)) }),
            "nextToken": next,
        ])
    }

    func describeServiceDeployments(_ input: Input) throws(ECSFault) -> JSON {
        let arns = try input.strings("serviceDeploymentArns") ?? []
        guard !arns.isEmpty, arns.count <= 20 else {
            throw .parameter("1 to 20 service deployments can be described.")
        }
        var found: [JSON] = []
        var failures: [JSON] = []
        for arn in arns {
            if let place = place(ofDeployment: arn), let service = clusters[place.cluster]?.services[place.name],
                let deployment = service.history.first(where: { service.arn(of: $0) == arn })
            {
                let tasks = livingTasks(place.name, place.cluster)
                found.append(deployment.json(of: service, cluster: naming.cluster(place.cluster), tasks))
            } else {
                failures.append(Self.missing(arn))
            }
        }
        return ["serviceDeployments": .array(found), "failures": .array(failures)]
    }

    /// (ECS API Reference, StopServiceDeployment: it rolls back, also where no roll-back is configured.)
    mutating func stopServiceDeployment(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        let (arn, place, current) = try underWay(input)
        guard try input.string("stopType") ?? "ROLLBACK" == "ROLLBACK" else {
            throw .client("stopType ABORT is not modelled by the sandbox.")
        }
        guard current.status.isForward, clusters[place.cluster]?.services[place.name]?.lastCompleted != nil else {
            throw ECSFault("ConflictException", "The service deployment cannot be stopped in its state.")
        }
        giveUp(place.name, in: place.cluster, "Service deployment rolled back by user.", at: now)
        return ["serviceDeploymentArn": .string(arn)]
    }

    mutating func continueServiceDeployment(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        let (arn, place, current) = try underWay(input)
        let id = try input.required("hookId")
        guard let index = current.hooks.firstIndex(where: { $0.id == id && $0.status == .awaitingAction }) else {
            throw .parameter("The lifecycle hook does not wait for an action.")
        }
        let isContinued = try input.string("action") ?? "CONTINUE" == "CONTINUE"
        change(place.name, in: place.cluster, at: now) { $0.hooks[index].status = isContinued ? .succeeded : .failed }
        if !isContinued { giveUp(place.name, in: place.cluster, "lifecycle hook \(id) rolled back by user.", at: now) }
        return ["serviceDeploymentArn": .string(arn)]
    }

    private func underWay(
        _ input: Input
    ) throws(ECSFault) -> (arn: String, place: ServicePlace, current: ServiceDeploymentRecord) {
        let arn = try input.required("serviceDeploymentArn")
        guard let place = place(ofDeployment: arn), let service = clusters[place.cluster]?.services[place.name],
            service.history.contains(where: { service.arn(of: $0) == arn })
        else { throw ECSFault("ServiceDeploymentNotFoundException", "Service deployment not found.") }
        guard let current = service.current, service.arn(of: current) == arn else {
            throw ECSFault("ConflictException", "The service deployment is in a terminal state.")
        }
        return (arn, place, current)
    }

    private func place(ofDeployment arn: String) -> ServicePlace? {
        let parts = naming.shortName(arn, kind: "service-deployment")?.split(separator: "/") ?? []
        guard arn.hasPrefix("arn:"), parts.count == 3 else { return nil }
        return ServicePlace(cluster: String(parts[0]), name: String(parts[1]))
    }
}
