import Base

/// A place at which a process touches the world outside.
struct Point: Sendable {
    enum Kind: Sendable, Equatable {
        case call(String)
        case ledgerRead
        case ledgerWrite
    }

    /// Which launch of a process of the scenario, counted from 0.
    let launch: Int
    /// How many calls and writes the process has made before.
    let index: Int
    let kind: Kind

    /// The calls that change something.
    static let mutating: Set = [
        "RegisterTaskDefinition", "RunTask", "UpdateService", "CreateService", "TagResource", "StopTask",
        "DeregisterTaskDefinition",
        "InvokeFunction", "StartProcess", "PutObject", "PutTargets",
    ]

    /// The calls of a bucket with a ledger.
    static let ofStores: Set = ["GetObject", "PutObject", "ListObjects"]

    /// Whether something is different after it: where not, to die after it is to die before it.
    static func hasEffect(_ kind: Kind) -> Bool {
        switch kind {
        case .call(let operation): mutating.contains(operation)
        case .ledgerWrite: true
        case .ledgerRead: false
        }
    }

    /// One that a play has come through.
    struct Passed: Sendable {
        /// Whether something is different after it.
        let hasEffect: Bool
        /// In milliseconds of the virtual clock.
        let moment: Int
    }

    var name: String {
        switch kind {
        case .call(let operation): operation
        case .ledgerRead: "ledger read"
        case .ledgerWrite: "ledger write"
        }
    }
}
