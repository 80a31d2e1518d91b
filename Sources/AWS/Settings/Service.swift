/// An AWS service that this tool calls.
public struct Service: Sendable, Hashable {
    /// The name in the credential scope of signatures.
    public let signingName: String
    /// The first label of the public host name.
    public let hostPrefix: String
    /// The suffix of `AWS_ENDPOINT_URL_…`, from the service's id in the SDKs.
    public let environmentName: String
    /// What is before the operation in `X-Amz-Target`; nil where the protocol is not JSON.
    public let targetPrefix: String?
    /// Of AWS JSON, where the protocol is that.
    var jsonVersion = "1.1"

    public static let ecs = Service(
        signingName: "ecs", hostPrefix: "ecs", environmentName: "ECS",
        targetPrefix: "AmazonEC2ContainerServiceV20141113")
    public static let ecr = Service(
        signingName: "ecr", hostPrefix: "api.ecr", environmentName: "ECR",
        targetPrefix: "AmazonEC2ContainerRegistry_V20150921")
    public static let logs = Service(
        signingName: "logs", hostPrefix: "logs", environmentName: "CLOUDWATCH_LOGS", targetPrefix: "Logs_20140328")
    public static let sts = Service(
        signingName: "sts", hostPrefix: "sts", environmentName: "STS", targetPrefix: nil)

    public static let autoScaling = Service(
        signingName: "application-autoscaling", hostPrefix: "application-autoscaling",
        environmentName: "APPLICATION_AUTO_SCALING", targetPrefix: "AnyScaleFrontendService")

    public static let lambda = Service(
        signingName: "lambda", hostPrefix: "lambda", environmentName: "LAMBDA", targetPrefix: nil)

    /// A bucket is named in the path, or before the host.
    public static let s3 = Service(signingName: "s3", hostPrefix: "s3", environmentName: "S3", targetPrefix: nil)

    public static let events = Service(
        signingName: "events", hostPrefix: "events", environmentName: "EVENTBRIDGE", targetPrefix: "AWSEvents")
    public static let scheduler = Service(
        signingName: "scheduler", hostPrefix: "scheduler", environmentName: "SCHEDULER", targetPrefix: nil)
    public static let states = Service(
        signingName: "states", hostPrefix: "states", environmentName: "SFN", targetPrefix: "AWSStepFunctions",
        jsonVersion: "1.0")

    /// It has one address for all regions of a partition.
    static let iam = Service(signingName: "iam", hostPrefix: "iam", environmentName: "IAM", targetPrefix: nil)
    static let ec2 = Service(signingName: "ec2", hostPrefix: "ec2", environmentName: "EC2", targetPrefix: nil)
    static let secretsManager = Service(
        signingName: "secretsmanager", hostPrefix: "secretsmanager", environmentName: "SECRETS_MANAGER",
        targetPrefix: "secretsmanager")
    static let parameters = Service(
        signingName: "ssm", hostPrefix: "ssm", environmentName: "SSM", targetPrefix: "AmazonSSM")

    /// The portal that gives keys for a sign-in of IAM Identity Center.
    static let sso = Service(
        signingName: "awsssoportal", hostPrefix: "portal.sso", environmentName: "SSO", targetPrefix: nil)

    /// What renews a sign-in's token.
    static let ssoOIDC = Service(
        signingName: "sso-oauth", hostPrefix: "oidc", environmentName: "SSO_OIDC", targetPrefix: nil)

    public static let all = [
        ecs, ecr, logs, sts, autoScaling, lambda, s3, iam, ec2, secretsManager, parameters, sso, ssoOIDC, events,
        scheduler, states,
    ]
}
