import JSON

/// What a role is for.
public enum Purpose: String, Sendable, CaseIterable {
    /// `apply`, `run`, `resolve`, `unlock` and all of the others.
    case deploy
    /// `drift` and `status`.
    case drift
    /// `plan`, `status` and `history`.
    case plan
}

/// A set of actions that an identity needs on the same resources, in IAM's terms.
public struct Statement: Sendable, Equatable {
    public struct Condition: Sendable, Equatable {
        public let test: String
        public let key: String
        public let values: [String]

        init(_ test: String, _ key: String, _ values: [String]) {
            self.test = test
            self.key = key
            self.values = values
        }
    }

    /// What it is for, such as `ReadServices`: the Sid.
    public let name: String
    public let actions: [String]
    public var resources: [String]
    public let condition: Condition?

    init(_ name: String, _ actions: [String], on resources: [String], if condition: Condition? = nil) {
        self.name = name
        self.actions = actions
        self.resources = resources
        self.condition = condition
    }

    public var json: JSON {
        var json: JSON = [
            "Sid": .string(name), "Effect": "Allow", "Action": Self.list(actions), "Resource": Self.list(resources),
        ]
        if let condition {
            json["Condition"] = .members([condition.test: JSON.members([condition.key: Self.list(condition.values)])])
        }
        return json
    }

    /// One value is written without a list.
    private static func list(_ values: [String]) -> JSON { values.count == 1 ? .string(values[0]) : JSON(values) }
}

/// The least that an identity needs.
public struct Policy: Sendable, Equatable {
    public private(set) var statements: [Statement]

    init(_ statements: [Statement]) { self.statements = statements.filter { !$0.resources.isEmpty } }

    /// Of several manifests: what differs in its resources alone becomes one statement.
    public init(merging policies: [Policy]) {
        statements = []
        for statement in policies.flatMap(\.statements) {
            let same = statements.firstIndex {
                $0.name == statement.name && $0.actions == statement.actions && $0.condition == statement.condition
            }
            guard let same else {
                statements.append(statement)
                continue
            }
            statements[same].resources += statement.resources.filter { !statements[same].resources.contains($0) }
        }
        // A Sid may be there once.
        var counts: [String: Int] = [:]
        statements = statements.map { statement in
            let count = counts[statement.name, default: 0] + 1
            counts[statement.name] = count
            return count == 1
                ? statement
                : Statement(
                    "\(statement.name)\(count)", statement.actions, on: statement.resources, if: statement.condition)
        }
    }

    public var json: JSON { ["Version": "2012-10-17", "Statement": .array(statements.map(\.json))] }
}
