import JSON

/// Whether a role's trust policy lets tasks assume it.
/// (ECS Developer Guide, "Amazon ECS task execution IAM role", "Creating the task execution role".)
struct TaskTrust: Sendable {
    private let statements: [JSON]

    init(_ policy: JSON) { statements = policy["Statement"]?.array ?? [policy["Statement"]].compactMap(\.self) }

    /// - Parameter account: of the tasks; nil where it is not known.
    func holds(in account: String?) -> Bool {
        func isOf(_ effect: JSON, _ statement: JSON) -> Bool {
            statement["Effect"] == effect && Self.isAboutTasks(statement)
                && Self.admits(account, statement["Condition"])
        }
        return statements.contains { isOf("Allow", $0) } && !statements.contains { isOf("Deny", $0) }
    }

    private static func isAboutTasks(_ statement: JSON) -> Bool {
        let principal = statement["Principal"]
        let services = texts(principal?["Service"]) + texts(principal)
        let actions = texts(statement["Action"]).map { $0.lowercased() }
        return services.contains { $0.hasPrefix("ecs-tasks.") || $0 == "*" }
            && actions.contains { ["sts:assumerole", "sts:assume*", "sts:*", "*"].contains($0) }
    }

    /// Conditions on the account of the tasks; others are not judged. (The same page: `aws:SourceAccount` against a confused
    /// deputy.)
    private static func admits(_ account: String?, _ condition: JSON?) -> Bool {
        guard let account else { return true }
        return (condition?.object?.members ?? []).flatMap { $0.value.object?.members ?? [] }.allSatisfy { key in
            key.key.lowercased() != "aws:sourceaccount" || texts(key.value).contains(account)
        }
    }

    private static func texts(_ json: JSON?) -> [String] {
        json?.array?.compactMap(\.string) ?? [json?.string].compactMap(\.self)
    }
}
