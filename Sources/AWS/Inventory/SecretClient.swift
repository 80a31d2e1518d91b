/// AWS Secrets Manager and the Parameter Store, asked whether a secret exists, and never for its value.
public struct SecretClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// What is known of a secret besides its value.
    public struct Secret: Sendable {
        /// Whether it is scheduled for deletion: then it is not given to anybody.
        public let isDeleted: Bool
        /// The ids of its versions, with the stages that each has.
        public let versions: [String: [String]]
    }

    /// (AWS Secrets Manager API Reference, DescribeSecret.)
    ///
    /// - Parameter id: a name or an ARN.
    /// - Returns: nil where there is none.
    public func secret(_ id: String, region: String?) async throws(AWSError) -> Secret? {
        do {
            let answer = try await caller.call(
                .secretsManager, "DescribeSecret", ["SecretId": .string(id)], region: region)
            let versions = (answer["VersionIdsToStages"]?.object?.members ?? []).map {
                ($0.key, $0.value.elements.compactMap(\.string))
            }
            let isDeleted = answer["DeletedDate"].map { !$0.isNull } ?? false
            return Secret(isDeleted: isDeleted, versions: Dictionary(versions) { $1 })
        } catch let error where error.code == "ResourceNotFoundException" {
            return nil
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
