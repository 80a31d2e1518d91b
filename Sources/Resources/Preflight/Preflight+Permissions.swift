import AWS
import Base
import JSON

extension Preflight {
    /// Whether the identity in use may do what an apply does.
    func permissions(_ definitions: [CurrentDefinition]) async -> [Finding] {
        guard let identity else { return [] }
        let subject = "permissions"
        let policy = PolicyMaker(manifest, access.cluster, ledger, definitions).policy(for: .deploy)
        do {
            guard let principal = try await principal(identity) else {
                return [.unchecked(subject, "the policies of \(identity.arn) cannot be asked about")]
            }
            var missing: [String] = []
            // Without these an apply works: it warns, or they are for `resolve`.
            let spared = PolicyMaker.ofDrift.union(["StopTasks", "DecideDeployments", "ReadScaling", "ReadLogs"])
            for statement in policy.statements where !spared.contains(statement.name) {
                for resource in statement.resources {
                    let denied = try await clients.iam.denied(statement, of: principal, on: resource)
                    missing += denied.map { "\($0) on \(resource)" }
                }
            }
            guard missing.isEmpty else {
                return [
                    .failure(
                        subject, "an apply needs, and \(principal) may not: \(missing.joined(separator: "; "))",
                        remedy: "allow them: reconcile policy MANIFEST prints the policy")
                ]
            }
            return [.good(subject, "\(principal) may do all that an apply does")]
        } catch {
            // No permission would help.
            if error.isUnsupported { return [.unknown(subject, error)] }
            return [
                .unchecked(
                    subject,
                    "whether \(identity.arn) may do all that an apply does is not known (\(error.description))",
                    remedy: "allow iam:SimulatePrincipalPolicy and iam:GetRole to it, or compare its policy with: "
                        + "reconcile policy MANIFEST")
            ]
        }
    }

    /// The ARN of the role or user behind an identity; nil for the account's root and for what has no policies of its own.
    private func principal(_ identity: CallerIdentity) async throws(AWSError) -> String? {
        let parts = identity.arn.split(separator: "/").map(String.init)
        if identity.arn.contains(":user/") { return identity.arn }
        guard identity.arn.contains(":assumed-role/"), parts.count == 3 else { return nil }
        // The session does not name the role's path.
        return try await clients.iam.arn(ofRole: parts[1])
    }
}

extension IAMClient {
    fileprivate func denied(
        _ statement: Statement, of principal: String, on resource: String
    ) async throws(AWSError) -> [String] {
        try await denied(
            statement.actions, of: principal, on: resource == "*" ? nil : resource,
            where: statement.condition.map { [$0.key: $0.values] } ?? [:])
    }
}
