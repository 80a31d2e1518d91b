/// AWS Security Token Service: who is calling.
public struct STSClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// The ARN of the calling identity, for the ledger's record of who did what.
    /// (STS API Reference, GetCallerIdentity: needs no permission.)
    public func callerARN() async throws(AWSError) -> String {
        let answer = try await caller.query(.sts, "GetCallerIdentity", version: "2011-06-15")
        guard let arn = XML.text(of: "Arn", in: answer), arn.hasPrefix("arn:") else {
            throw AWSError(operation: "sts:GetCallerIdentity", kind: .malformed, message: "the answer has no Arn")
        }
        return arn
    }
}
