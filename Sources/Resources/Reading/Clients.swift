import AWS

/// The typed clients that resources call, over one transport.
public struct Clients: Sendable {
    public let ecs: ECSClient
    public let ecr: ECRClient
    public let logs: LogsClient
    public let sts: STSClient
    public let autoScaling: AutoScalingClient
    public let lambda: LambdaClient
    public let iam: IAMClient
    public let network: NetworkClient
    public let secretStores: SecretClient
    public let events: EventsClient
    public let scheduler: SchedulerClient
    public let states: StatesClient
    /// The values that are hidden in what they answer.
    public let secrets: Secrets

    /// - Parameter patience: with what fails for a moment, but for what is not worth a wait (who the caller is, and what it may do), and for logs,
    ///   whose reader has a patience of its own; nil for one try.
    public init(_ caller: Caller, patience: ReadPatience? = nil) {
        let patient = patience.map(caller.patient) ?? caller
        ecs = ECSClient(patient)
        ecr = ECRClient(patient)
        logs = LogsClient(caller)
        sts = STSClient(caller)
        autoScaling = AutoScalingClient(patient)
        lambda = LambdaClient(patient)
        iam = IAMClient(caller)
        network = NetworkClient(patient)
        secretStores = SecretClient(patient)
        events = EventsClient(patient)
        scheduler = SchedulerClient(patient)
        states = StatesClient(patient)
        secrets = caller.secrets
    }
}
