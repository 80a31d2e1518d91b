import JSON

extension ServiceRecord {
    var snapshot: JSON {
        .object(dropping: [
            "name": .string(name), "arn": .string(arn), "createdAt": .integer(createdAt),
            "status": .string(status.rawValue), "definition": .string(definition),
            "desiredCount": .integer(desiredCount), "settings": .object(settings.members),
            "configuration": configuration.json, "shown": .object(shown), "tags": .array(tags.json),
            "propagateTags": propagateTags.map(JSON.string), "creation": .string(creation),
            "deployments": .array(deployments.map(\.snapshot)), "lastCompleted": lastCompleted?.snapshot,
            "history": .array(history.map(\.snapshot)), "isExpress": isExpress ? true : nil,
            "events": .array(
                events.map {
                    ["id": .string($0.id), "createdAt": .integer($0.createdAt), "message": .string($0.message)]
                }),
        ])
    }

    init?(snapshot: JSON) {
        guard let name = snapshot["name"]?.string, let arn = snapshot["arn"]?.string,
            let definition = snapshot["definition"]?.string,
            let status = snapshot["status"]?.string.flatMap(Status.init)
        else { return nil }
        var configuration = DeploymentConfiguration()
        let settings: LaunchSettings
        do {
            try configuration.update(Input(snapshot["configuration"] ?? [:]))
            settings = try LaunchSettings(Input(snapshot["settings"] ?? [:]))
        } catch {
            return nil
        }
        self.init(
            name: name, arn: arn, definition: definition, desiredCount: snapshot["desiredCount"]?.integer ?? 0,
            settings: settings, configuration: configuration, shown: snapshot["shown"]?.object ?? JSONObject(),
            tags: TagList(kept: snapshot["tags"]), propagateTags: snapshot["propagateTags"]?.string,
            creation: snapshot["creation"]?.string ?? "", at: snapshot["createdAt"]?.integer ?? 0)
        self.status = status
        isExpress = snapshot["isExpress"] == true
        deployments = (snapshot["deployments"]?.elements ?? []).compactMap(DeploymentRecord.init(snapshot:))
        lastCompleted = snapshot["lastCompleted"].flatMap(DeploymentRecord.init(snapshot:))
        for deployment in (snapshot["history"]?.elements ?? []).reversed() {
            if let deployment = ServiceDeploymentRecord(snapshot: deployment, configuration) { begin(deployment) }
        }
        for event in (snapshot["events"]?.elements ?? []).reversed() {
            record(
                Event(
                    id: event["id"]?.string ?? "", createdAt: event["createdAt"]?.integer ?? 0,
                    message: event["message"]?.string ?? ""))
        }
    }
}

extension DeploymentRecord {
    var snapshot: JSON {
        .object(dropping: [
            "id": .string(id), "definition": .string(definition), "createdAt": .integer(createdAt),
            "updatedAt": .integer(updatedAt), "settings": .object(settings.members),
            "rollout": .string(rollout.rawValue), "reason": .string(reason), "failedTasks": .integer(failedTasks),
            "failedAt": failedAt.map(JSON.integer),
        ])
    }

    init?(snapshot: JSON) {
        guard let id = snapshot["id"]?.string, let definition = snapshot["definition"]?.string,
            let rollout = snapshot["rollout"]?.string.flatMap(Rollout.init)
        else { return nil }
        let settings: LaunchSettings
        do { settings = try LaunchSettings(Input(snapshot["settings"] ?? [:])) } catch { return nil }
        self.init(
            id: id, definition: definition, settings: settings, at: snapshot["createdAt"]?.integer ?? 0)
        self.rollout = rollout
        updatedAt = snapshot["updatedAt"]?.integer ?? 0
        reason = snapshot["reason"]?.string ?? ""
        failedTasks = snapshot["failedTasks"]?.integer ?? 0
        failedAt = snapshot["failedAt"]?.integer
    }
}
