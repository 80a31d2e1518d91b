import JSON

/// An IAM policy that the sandbox enforces: what is not allowed in it is denied.
/// (IAM User Guide, "IAM JSON policy elements reference".) Statements that deny, and elements that are turned around, such as
/// NotAction, are not modelled and are refused.
struct AccessPolicy: Sendable, Equatable {
    private let statements: [Grant]

    private struct Grant: Sendable, Equatable {
        let actions: [String]
        let resources: [String]
        /// The values that each condition key may have, as patterns.
        let conditions: [String: [String]]
    }

    struct Unmodelled: Error {
        let reason: String
    }

    init(_ document: JSON) throws(Unmodelled) {
        let listed = document["Statement"]?.array ?? [document["Statement"]].compactMap(\.self)
        statements = try listed.map { (statement) throws(Unmodelled) in try Self.grant(statement) }
    }

    private static func grant(_ json: JSON) throws(Unmodelled) -> Grant {
        let known: Set = ["Sid", "Effect", "Action", "Resource", "Condition"]
        for member in json.object?.members ?? [] where !known.contains(member.key) {
            throw Unmodelled(reason: "the sandbox does not model \(member.key) in a policy")
        }
        guard json["Effect"] == "Allow" else {
            throw Unmodelled(reason: "the sandbox models statements with Effect Allow only")
        }
        var conditions: [String: [String]] = [:]
        for test in json["Condition"]?.object?.members ?? [] {
            guard ["StringEquals", "StringLike", "ArnEquals", "ArnLike"].contains(test.key) else {
                throw Unmodelled(reason: "the sandbox does not model the condition \(test.key)")
            }
            for pair in test.value.object?.members ?? [] { conditions[pair.key] = texts(pair.value) }
        }
        return Grant(actions: texts(json["Action"]), resources: texts(json["Resource"]), conditions: conditions)
    }

    private static func texts(_ json: JSON?) -> [String] {
        json?.array?.compactMap(\.string) ?? [json?.string].compactMap(\.self)
    }

    func allows(_ access: NeededAccess) -> Bool {
        statements.contains { grant in
            grant.actions.contains { Self.matches(access.action.lowercased(), $0.lowercased()) }
                && grant.resources.contains { Self.matches(access.resource, $0) }
                && grant.conditions.allSatisfy { key, patterns in
                    access.context[key].map { value in patterns.contains { Self.matches(value, $0) } } ?? false
                }
        }
    }

    /// `*` stands for any characters, `?` for one.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text.utf8), Array(pattern.utf8))
        // reached[i]: the pattern up to here matches the first i bytes.
        var reached = [true] + [Bool](repeating: false, count: text.count)
        for byte in pattern {
            if byte == UInt8(ascii: "*") {
                for index in text.indices where reached[index] { reached[index + 1] = true }
                continue
            }
            for index in text.indices.reversed() {
                reached[index + 1] = reached[index] && (byte == UInt8(ascii: "?") || byte == text[index])
            }
            reached[0] = false
        }
        return reached[text.count]
    }
}

/// One action on one resource, with the values of condition keys.
struct NeededAccess: Sendable, Equatable {
    let action: String
    var resource = "*"
    var context: [String: String] = [:]
}
