import JSON

/// A refusal in AWS's form: an error code, a message for people and, for some codes, more members.
public struct ECSFault: Error, Sendable, Equatable {
    /// The exception's name as SDKs match it, such as `ClientException`.
    public let code: String
    public let message: String
    /// The HTTP status of the answer.
    public let status: Int
    /// What the answer has next to code and message, such as `resourceIds`.
    public let members: JSONObject

    public init(_ code: String, _ message: String, status: Int = 400, members: JSONObject = JSONObject()) {
        self.code = code
        self.message = message
        self.status = status
        self.members = members
    }

    /// The body of the answer.
    public var json: JSON {
        var json: JSON = ["__type": .string(code), "message": .string(message)]
        for member in members.members { json[member.key] = member.value }
        return json
    }
}

/// The refusals of ECS that more than one operation uses (ECS API Reference, "Common Errors" and each operation).
extension ECSFault {
    static func client(_ message: String) -> ECSFault { ECSFault("ClientException", message) }
    static func parameter(_ message: String) -> ECSFault { ECSFault("InvalidParameterException", message) }
    static let noCluster = ECSFault("ClusterNotFoundException", "Cluster not found.")
    static let noService = ECSFault("ServiceNotFoundException", "Service not found.")
    static let inactiveService = ECSFault("ServiceNotActiveException", "Service was not ACTIVE.")
    static let inactiveDefinition = ECSFault.client("TaskDefinition is inactive")
    /// Of reading a revision.
    static let indescribableDefinition = ECSFault.client("Unable to describe task definition.")
    /// Of running one.
    static let noDefinition = ECSFault.client("TaskDefinition not found.")

    /// RunTask with a token that belongs to other parameters (ECS API Reference, "Ensuring idempotency").
    static func tokenInUse(by arns: [String]) -> ECSFault {
        var members = JSONObject()
        members["resourceIds"] = JSON(arns)
        return ECSFault(
            "ConflictException", "The specified client token was used with different parameters.", members: members)
    }

    static func unknownOperation(_ name: String) -> ECSFault {
        ECSFault("UnknownOperationException", "The operation \(name) is unknown to this sandbox.")
    }
}
