import JSON

/// A service deployment goes on after a restart. What its hooks were doing does not: they begin again.
extension ServiceDeploymentRecord {
    var snapshot: JSON {
        .object(dropping: [
            "id": .string(id), "target": .string(target), "sources": JSON(sources), "serving": serving.map(JSON.string),
            "definitions": .array(
                definitions.sorted { $0.key.precedes($1.key) }.map { [.string($0.key), .string($0.value)] }),
            "configuration": configuration.json, "createdAt": .integer(createdAt), "status": .string(status.rawValue),
            "reason": reason.map(JSON.string), "startedAt": startedAt.map(JSON.integer),
            "updatedAt": .integer(updatedAt), "finishedAt": finishedAt.map(JSON.integer),
            "stoppedAt": stoppedAt.map(JSON.integer), "stage": stage.map { .string($0.rawValue) },
            "stageEndsAt": stageEndsAt.map(JSON.integer), "productionShare": .double(productionShare),
            "testShare": .double(testShare), "triggeredAlarms": JSON(triggeredAlarms), "rollback": rollbackSnapshot,
        ])
    }

    private var rollbackSnapshot: JSON? {
        rollback.map { rollback in
            .object(dropping: [
                "reason": .string(rollback.reason), "startedAt": .integer(rollback.startedAt),
                "target": rollback.target.map(JSON.string),
            ])
        }
    }

    /// - Parameter usual: the service's own configuration, for a snapshot that cannot be read.
    init?(snapshot: JSON, _ usual: DeploymentConfiguration) {
        guard let id = snapshot["id"]?.string, let target = snapshot["target"]?.string,
            let status = snapshot["status"]?.string.flatMap(Status.init)
        else { return nil }
        var configuration = DeploymentConfiguration()
        do { try configuration.update(Input(snapshot["configuration"] ?? [:])) } catch { configuration = usual }
        let pairs = (snapshot["definitions"]?.elements ?? []).map { $0.elements.compactMap(\.string) }
        let definitions = pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }
        self.init(
            id: id, target: target, sources: (snapshot["sources"]?.elements ?? []).compactMap(\.string),
            serving: snapshot["serving"]?.string, definitions: Dictionary(definitions) { $1 },
            configuration, at: snapshot["createdAt"]?.integer ?? 0)
        self.status = status
        reason = snapshot["reason"]?.string
        startedAt = snapshot["startedAt"]?.integer
        updatedAt = snapshot["updatedAt"]?.integer ?? createdAt
        finishedAt = snapshot["finishedAt"]?.integer
        stoppedAt = snapshot["stoppedAt"]?.integer
        stage = snapshot["stage"]?.string.flatMap(LifecycleStage.init)
        stageEndsAt = snapshot["stageEndsAt"]?.integer
        productionShare = snapshot["productionShare"]?.double ?? 0
        testShare = snapshot["testShare"]?.double ?? 0
        triggeredAlarms = (snapshot["triggeredAlarms"]?.elements ?? []).compactMap(\.string)
        rollback = snapshot["rollback"].map { json in
            Rollback(
                reason: json["reason"]?.string ?? "", startedAt: json["startedAt"]?.integer ?? 0,
                target: json["target"]?.string)
        }
    }
}
