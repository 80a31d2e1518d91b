import JSON

/// Service deployments: what UpdateService begins.
extension ECSClient {
    /// The ARNs of a service's deployments, the newest first, one page of at most 100.
    ///
    /// - Parameter since: those that were created then or later, in seconds since 1970.
    public func listServiceDeployments(
        cluster: String, service: String, since: Int64?
    ) async throws(AWSError) -> [String] {
        var input: JSON = ["cluster": .string(cluster), "service": .string(service)]
        if let since { input["createdAt"] = ["after": .integer(Int(since))] }
        let (answer, reader) = try await call("ListServiceDeployments", input)
        let listed = try reader.list("serviceDeployments", of: answer) ?? []
        let dated = try listed.map { (json) throws(AWSError) in
            (
                try reader.string("serviceDeploymentArn", of: json, "a service deployment"),
                json["createdAt"]?.double ?? 0
            )
        }
        return dated.enumerated().sorted {
            $0.element.1 == $1.element.1 ? $0.offset < $1.offset : $0.element.1 > $1.element.1
        }
        .map(\.element.0)
    }

    /// - Parameter arns: at most 20 (ECS API Reference, DescribeServiceDeployments).
    public func describeServiceDeployments(_ arns: [String]) async throws(AWSError) -> [ServiceDeployment] {
        let (answer, reader) = try await call("DescribeServiceDeployments", ["serviceDeploymentArns": JSON(arns)])
        let found = try batch("serviceDeployments", of: answer, reader).found.map { (json) throws(AWSError) in
            try ServiceDeployment(json, reader)
        }
        try refuseOthers(found.map(\.arn), than: arns, reader)
        return found
    }

    /// Rolls a deployment back, also where no roll-back is configured. (ECS API Reference, StopServiceDeployment.)
    public func rollBackServiceDeployment(_ arn: String) async throws(AWSError) {
        let (answer, reader) = try await change(
            "StopServiceDeployment", ["serviceDeploymentArn": .string(arn), "stopType": "ROLLBACK"])
        try refuseOthers([try reader.string("serviceDeploymentArn", of: answer, "the answer")], than: [arn], reader)
    }

    /// Answers a hook that waits for a person. (ECS API Reference, ContinueServiceDeployment.)
    ///
    /// - Parameter rollsBack: whether the deployment is rolled back instead of going on.
    public func continueServiceDeployment(
        _ arn: String, hook: String, rollsBack: Bool
    ) async throws(AWSError) {
        let (answer, reader) = try await change(
            "ContinueServiceDeployment",
            [
                "serviceDeploymentArn": .string(arn), "hookId": .string(hook),
                "action": rollsBack ? "ROLLBACK" : "CONTINUE",
            ])
        try refuseOthers([try reader.string("serviceDeploymentArn", of: answer, "the answer")], than: [arn], reader)
    }
}
