import Base
import JSON

/// A value that the ledger keeps as a text. The text is stable: older and newer releases read it.
public protocol FactValue: Sendable {
    /// nil for a text that this release cannot read.
    init?(fact: String)
    var fact: String { get }
}

/// The name of facts, with the type of their values.
public struct FactKey<Value: FactValue>: Sendable {
    public let name: String
    /// See ``Fact/keep``.
    public let keep: Int

    public init(_ name: String, keep: Int) {
        self.name = name
        self.keep = keep
    }
}

extension String: FactValue {
    public init(fact: String) { self = fact }
    public var fact: String { self }
}

extension Int: FactValue {
    public init?(fact: String) { self.init(fact) }
    public var fact: String { String(self) }
}

extension JSON: FactValue {
    public init?(fact: String) {
        do { self = try JSON.parse(fact) } catch { return nil }
    }
    public var fact: String { canonical }
}

extension FactValue where Self: RawRepresentable<String> {
    public init?(fact: String) { self.init(rawValue: fact) }
    public var fact: String { rawValue }
}

extension Fact {
    public init<Value>(_ subject: String, _ key: FactKey<Value>, _ value: Value) {
        self.init(subject: subject, name: key.name, value: value.fact, keep: key.keep)
    }

    /// nil for a fact of another name.
    public func value<Value>(of key: FactKey<Value>) -> Value? { name == key.name ? Value(fact: value) : nil }
}

extension FactKey {
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a text that this release cannot read: nothing is concluded
    ///   from it.
    func read(_ text: String, of subject: String) throws(Failure) -> Value {
        guard let value = Value(fact: text) else {
            throw Failure(
                .ledgerUnreadable, "this release cannot read what the ledger holds as \(name) of \(subject)",
                hint: "use the release that wrote it, or a newer one")
        }
        return value
    }
}
