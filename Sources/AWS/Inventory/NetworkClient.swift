/// Amazon EC2, read: whether subnets and security groups exist.
public struct NetworkClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// - Returns: what AWS says where one of them does not exist; nil where all do.
    public func absence(ofSubnets ids: [String]) async throws(AWSError) -> Untrusted? {
        try await absence("DescribeSubnets", "SubnetId", ids, "InvalidSubnetID.NotFound")
    }

    /// - Returns: what AWS says where one of them does not exist; nil where all do.
    public func absence(ofSecurityGroups ids: [String]) async throws(AWSError) -> Untrusted? {
        try await absence("DescribeSecurityGroups", "GroupId", ids, "InvalidGroup.NotFound")
    }

    private func absence(
        _ operation: String, _ parameter: String, _ ids: [String], _ code: String
    ) async throws(AWSError) -> Untrusted? {
        let parameters = ids.enumerated().map { ("\(parameter).\($0 + 1)", $1) }
        do {
            _ = try await caller.query(.ec2, operation, version: "2016-11-15", parameters)
            return nil
        } catch let error where error.code == code || error.code?.hasSuffix(".Malformed") == true {
            return error.message
        }
    }
}
