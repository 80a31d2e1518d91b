import JSON

/// Service deployments: what UpdateService begins.
extension ECSClient {
    /// The ARNs of a service's deployments, the newest first: of the last 90 days, at most 1,000.
    ///
    /// - Parameter since: those that were created then or later, in seconds since 1970.
    public func listServiceDeployments(
        cluster: String, service: String, since: Int64?
    ) async throws(AWSError) -> [String] {
        var input: JSON = ["cluster": .string(cluster), "service": .string(service), "maxResults": 100]
        if let since { input["createdAt"] = ["after": .integer(Int(since))] }
        var dated: [(String, Double)] = []
        for _ in 0..<10 {
            let (answer, reader) = try await call("ListServiceDeployments", input)
            for json in try reader.list("serviceDeployments", of: answer) ?? [] {
                let arn = try reader.string("serviceDeploymentArn", of: json, "a service deployment")
                dated.append((arn, json["createdAt"]?.double ?? 0))
            }
            guard let next = try reader.text("nextToken", of: answer, "the answer") else { break }
            input["nextToken"] = .string(next)
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
