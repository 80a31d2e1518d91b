import JSON

/// AWS Identity and Access Management, read: roles, and what they may do.
public struct IAMClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// A role's ARN, and who may assume it, as the policy document in JSON; nil if the role does not exist.
    /// (IAM API Reference, GetRole: the document is percent-encoded.)
    public func trust(of name: String) async throws(AWSError) -> (arn: String, policy: JSON)? {
        guard let answer = try await role(name) else { return nil }
        guard let arn = XML.text(of: "Arn", in: answer) else { throw malformed("GetRole", "the answer has no Arn") }
        guard let encoded = XML.text(of: "AssumeRolePolicyDocument", in: answer),
            let text = PercentEncoding.decode(encoded)
        else { throw malformed("GetRole", "the answer has no AssumeRolePolicyDocument") }
        do { return (arn, try JSON.parse(text)) } catch {
            throw malformed("GetRole", "the AssumeRolePolicyDocument is not JSON")
        }
    }

    /// The ARN of a role, which has its path; nil if there is no such role.
    public func arn(ofRole name: String) async throws(AWSError) -> String? {
        try await role(name).flatMap { XML.text(of: "Arn", in: $0) }
    }

    private func role(_ name: String) async throws(AWSError) -> String? {
        do { return try await query("GetRole", [("RoleName", name)]) } catch let error
            where error.code == "NoSuchEntity"
        {
            return nil
        }
    }

    /// Which of some actions an identity may not call on a resource, as far as its policies tell.
    /// (IAM API Reference, SimulatePrincipalPolicy.)
    ///
    /// - Parameters:
    ///   - principal: the ARN of a role or user.
    ///   - resource: the ARN; nil for actions that know none.
    ///   - context: values of condition keys.
    public func denied(
        _ actions: [String], of principal: String, on resource: String?, where context: [String: [String]] = [:]
    ) async throws(AWSError) -> [String] {
        let answer = try await query(
            "SimulatePrincipalPolicy",
            [("PolicySourceArn", principal), ("MaxItems", "1000")]
                + (resource.map { [("ResourceArns.member.1", $0)] } ?? [])
                + Self.entries(context)
                + actions.enumerated().map { ("ActionNames.member.\($0 + 1)", $1) })
        let decisions = zip(
            XML.texts(of: "EvalActionName", in: answer), XML.texts(of: "EvalDecision", in: answer))
        return decisions.filter { $0.1 != "allowed" }.map(\.0)
    }

    private static func entries(_ context: [String: [String]]) -> [(String, String)] {
        context.sorted { $0.key < $1.key }.enumerated().flatMap { index, entry in
            let name = "ContextEntries.member.\(index + 1)"
            return [
                ("\(name).ContextKeyName", entry.key),
                ("\(name).ContextKeyType", entry.value.count == 1 ? "string" : "stringList"),
            ] + entry.value.enumerated().map { ("\(name).ContextKeyValues.member.\($0 + 1)", $1) }
        }
    }

    private func query(_ operation: String, _ parameters: [(String, String)]) async throws(AWSError) -> String {
        try await caller.query(
            .iam, operation, version: "2010-05-08", parameters, region: caller.settings.regionOfIAM)
    }

    private func malformed(_ operation: String, _ message: String) -> AWSError {
        AWSError(operation: "iam:\(operation)", kind: .malformed, message: message)
    }
}
