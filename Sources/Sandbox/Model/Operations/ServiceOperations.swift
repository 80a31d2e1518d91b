import JSON

extension ECSModel {
    mutating func createService(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        try Modelled.createService.check(input)
        let cluster = try clusterName(input)
        let name = try input.required("serviceName")
        guard Self.isName(name) else { throw .parameter("Invalid service name: \(name)") }
        var parameters = input.json
        parameters["clientToken"] = nil
        let token = try token(input, longest: 36) ?? ""
        let creation = "\(token) \(parameters.canonical)"
        // A token stands for one creation.
        let isUsed = clusters.values.flatMap(\.services.values).contains {
            !token.isEmpty && $0.creation.hasPrefix("\(token) ") && $0.creation != creation
        }
        if isUsed { throw .parameter("Creation of service was not idempotent.") }
        if let existing = clusters[cluster]?.services[name], existing.status != .inactive {
            if existing.status == .draining {
                throw .parameter("Unable to Start a service that is still Draining.")
            }
            let isRepeat = existing.creation == creation && input.json["clientToken"] != nil
            guard isRepeat else { throw .parameter("Creation of service was not idempotent.") }
            return try answer(name, in: cluster)
        }
        let revision = try runnableRevision(try input.required("taskDefinition"))
        let settings = try LaunchSettings(input)
        try check(settings, revision)
        var configuration = DeploymentConfiguration()
        if let wanted = try input.object("deploymentConfiguration") { try configuration.update(wanted) }
        let service = ServiceRecord(
            name: name, arn: naming.service(name, in: cluster), definition: revision.arn,
            desiredCount: try desiredCount(input) ?? 1, settings: settings, configuration: configuration,
            shown: Self.shown(input), tags: try TagList(try input.objects("tags")),
            propagateTags: try input.string("propagateTags"), creation: creation, at: now)
        clusters[cluster]?.services[name] = service
        deploy(name, in: cluster, at: now)
        touch(name, in: cluster)
        return try answer(name, in: cluster)
    }

    /// A new deployment begins when the revision, the network or the platform changes, or when it is forced; not for the
    /// desired count or the deployment configuration (ECS API Reference, UpdateService, each parameter).
    mutating func updateService(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        try Modelled.updateService.check(input)
        let cluster = try clusterName(input)
        let name = serviceName(try input.required("service"), in: cluster)
        guard var service = clusters[cluster]?.services[name] else { throw .noService }
        guard service.status == .active else { throw .inactiveService }
        let before = service
        if let text = try input.string("taskDefinition") { service.definition = try runnableRevision(text).arn }
        let wanted = try LaunchSettings(input)
        if let network = wanted.networkConfiguration { service.settings.networkConfiguration = network }
        if let version = wanted.platformVersion { service.settings.platformVersion = version }
        if let volumes = wanted.volumeConfigurations { service.settings.volumeConfigurations = volumes }
        if let strategy = wanted.capacityProviderStrategy {
            service.settings.capacityProviderStrategy = strategy
            service.settings.launchType = nil
        }
        // What the new revision does not leave to the service any more is of no use.
        let left = revision(service.definition)?.launchVolumes ?? []
        service.settings.volumeConfigurations = service.settings.volumeConfigurations
            .map { $0.elements.filter { left.contains($0["name"]?.string ?? "") } }.flatMap {
                $0.isEmpty ? nil : .array($0)
            }
        if let revision = revision(service.definition) { try check(service.settings, revision) }
        if let configuration = try input.object("deploymentConfiguration") {
            try service.configuration.update(configuration)
        }
        service.desiredCount = try desiredCount(input) ?? service.desiredCount
        service.propagateTags = try input.string("propagateTags") ?? service.propagateTags
        for member in Self.shown(input).members { service.shown[member.key] = member.value }
        let isForced = try input.bool("forceNewDeployment") ?? false
        if service.desiredCount != before.desiredCount { service.isSteady = false }
        clusters[cluster]?.services[name] = service
        stateVersion += 1
        let isNew =
            isForced || service.definition != before.definition
            || service.settings.networkConfiguration != before.settings.networkConfiguration
            || service.settings.platformVersion != before.settings.platformVersion
            || service.settings.volumeConfigurations != before.settings.volumeConfigurations
        if isNew { deploy(name, in: cluster, at: now) }
        touch(name, in: cluster)
        return try answer(name, in: cluster)
    }

    mutating func deleteService(_ input: Input, at now: Int) throws(ECSFault) -> JSON {
        let cluster = try clusterName(input)
        let name = serviceName(try input.required("service"), in: cluster)
        guard let service = clusters[cluster]?.services[name] else { throw .noService }
        guard service.status == .active else { throw .inactiveService }
        let isForced = try input.bool("force") ?? false
        guard isForced || service.desiredCount == 0 else {
            throw .parameter("The service cannot be stopped while it is scaled above 0.")
        }
        clusters[cluster]?.services[name]?.desiredCount = 0
        clusters[cluster]?.services[name]?.status = .draining
        stateVersion += 1
        touch(name, in: cluster)
        return try answer(name, in: cluster)
    }

    func describeServices(_ input: Input) throws(ECSFault) -> JSON {
        let cluster = try clusterName(input)
        let names = try input.strings("services") ?? []
        guard !names.isEmpty else { throw .parameter("Services cannot be empty.") }
        guard names.count <= 10 else { throw .parameter("Services count can not be more than 10.") }
        let includesTags = try input.strings("include")?.contains("TAGS") ?? false
        var found: [JSON] = []
        var failures: [JSON] = []
        for text in names {
            let name = serviceName(text, in: cluster)
            if let service = clusters[cluster]?.services[name] {
                found.append(render(service, in: cluster, includeTags: includesTags))
            } else {
                failures.append(Self.missing(text.hasPrefix("arn:") ? text : naming.service(name, in: cluster)))
            }
        }
        return ["services": .array(found), "failures": .array(failures)]
    }

    func listServices(_ input: Input) throws(ECSFault) -> JSON {
        let cluster = try clusterName(input)
        let launchType = try input.string("launchType")
        let manager = try input.string("resourceManagementType")
        let services = (clusters[cluster]?.serviceNames ?? []).compactMap { clusters[cluster]?.services[$0] }
        let shown = services.filter {
            $0.status != .inactive && (launchType == nil || launchType == $0.settings.launchType)
                && (manager == nil || manager == $0.managementType)
        }
        return try Page.answer("serviceArns", of: shown.map(\.arn), input, usually: 10)
    }

    private func answer(_ name: String, in cluster: String) throws(ECSFault) -> JSON {
        guard let service = clusters[cluster]?.services[name] else { throw .noService }
        return ["service": render(service, in: cluster, includeTags: true)]
    }

    private func render(_ service: ServiceRecord, in cluster: String, includeTags: Bool) -> JSON {
        service.json(
            cluster: naming.cluster(cluster), tasks: livingTasks(service.name, cluster), includeTags: includeTags)
    }

    private func desiredCount(_ input: Input) throws(ECSFault) -> Int? {
        let count = try input.integer("desiredCount")
        if let count, count < 0 { throw .parameter("desiredCount must not be negative.") }
        return count
    }

    /// Members that are shown as they were given.
    private static func shown(_ input: Input) -> JSONObject {
        var shown = JSONObject()
        for key in [
            "loadBalancers", "serviceRegistries", "healthCheckGracePeriodSeconds", "enableExecuteCommand",
            "enableECSManagedTags", "placementConstraints", "placementStrategy", "availabilityZoneRebalancing",
        ] {
            if let value = input.json[key], !value.isNull { shown[key] = value }
        }
        return shown
    }
}
