/// AWS Secrets Manager and the Parameter Store, asked whether a secret exists, and never for its value.
public struct SecretClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// (AWS Secrets Manager API Reference, DescribeSecret.)
    ///
    /// - Parameter id: a name or an ARN.
    public func hasSecret(_ id: String, region: String?) async throws(AWSError) -> Bool {
        do {
            _ = try await caller.call(.secretsManager, "DescribeSecret", ["SecretId": .string(id)], region: region)
            return true
        } catch let error where error.code == "ResourceNotFoundException" {
            return false
        }
    }

    /// (AWS Systems Manager API Reference, DescribeParameters.)
    public func hasParameter(_ name: String, region: String?) async throws(AWSError) -> Bool {
        let answer = try await caller.call(
            .parameters, "DescribeParameters",
            ["ParameterFilters": [["Key": "Name", "Option": "Equals", "Values": [.string(name)]]]], region: region)
        let reader = AnswerReader(operation: "ssm:DescribeParameters", secrets: caller.secrets)
        return try !(reader.list("Parameters", of: answer) ?? []).isEmpty
    }
}
