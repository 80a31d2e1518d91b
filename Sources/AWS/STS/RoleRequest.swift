/// A role whose keys are wanted.
public struct RoleRequest: Sendable, Equatable {
    public var arn: String
    /// As it stands in CloudTrail.
    public var session: String
    public var externalID: String?
    /// In seconds; nil for what the role says.
    public var duration: Int?

    public init(arn: String, session: String, externalID: String? = nil, duration: Int? = nil) {
        self.arn = arn
        self.session = session
        self.externalID = externalID
        self.duration = duration
    }
}

extension RoleRequest {
    /// As STS takes it. (STS API Reference, AssumeRole.)
    var parameters: [(String, String)] {
        [("RoleArn", arn), ("RoleSessionName", session)]
            + (externalID.map { [("ExternalId", $0)] } ?? [])
            + (duration.map { [("DurationSeconds", "\($0)")] } ?? [])
    }
}
