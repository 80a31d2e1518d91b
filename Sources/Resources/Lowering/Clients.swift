import AWS

/// The typed clients that resources call, over one transport.
public struct Clients: Sendable {
    public let ecs: ECSClient
    public let ecr: ECRClient
    public let logs: LogsClient
    public let sts: STSClient
    public let autoScaling: AutoScalingClient
    public let lambda: LambdaClient
    /// The values that are hidden in what they answer.
    public let secrets: Secrets

    public init(_ caller: Caller) {
        ecs = ECSClient(caller)
        ecr = ECRClient(caller)
        logs = LogsClient(caller)
        sts = STSClient(caller)
        autoScaling = AutoScalingClient(caller)
        lambda = LambdaClient(caller)
        secrets = caller.secrets
    }
}
