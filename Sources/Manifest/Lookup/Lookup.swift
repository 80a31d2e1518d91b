/// A value that a manifest takes from outside this machine's environment: `${ssm:NAME}` or `${tfstate:ADDRESS}`.
public struct Lookup: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A parameter of the SSM Parameter Store.
        case parameter = "ssm"
        /// A value in a Terraform state.
        case state = "tfstate"
    }

    public let kind: Kind
    /// The parameter's name, or the address in the state.
    public let name: String

    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// (AWS Systems Manager User Guide, "Parameter name requirements": a selector or an ARN would need a colon.)
    var isWellWritten: Bool {
        switch kind {
        case .parameter:
            !name.isEmpty && name.utf8.allSatisfy { Self.isOfParameter($0) } && name.utf8.count <= 1_011
        case .state: StatePath(name).map { $0.isOutput || ResourceAddress($0) != nil } ?? false
        }
    }

    private static func isOfParameter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "_.-/".utf8.contains(byte)
        }
    }

    /// What the values of a manifest's variables call it, such as `ssm:/shop/tag`.
    public var key: String { "\(kind.rawValue):\(name)" }
    /// As it is written in a manifest, without a default.
    public var expression: String { "${\(key)}" }
}

/// A lookup, and where it is needed.
public struct NeededValue: Sendable, Hashable {
    public let lookup: Lookup
    /// `file:line:column`
    public let place: String
}

/// What a lookup found.
enum LookupAnswer: Equatable {
    case value(String)
    /// There is none: a default counts.
    ///
    /// - Parameter near: what there is instead.
    case absent(String, word: String, near: [String])
    /// There is one that cannot be used, whatever the default.
    case refused(String, hint: String)
    /// Why there is none was reported once for all.
    case reported
}
