import Base

/// What the ledger knows at one moment. It is good within the look that it was lent for.
public struct FactReader {
    let book: FactBook

    /// The latest value of a name of a subject.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func latest<Value>(_ subject: String, _ key: FactKey<Value>) throws -> Value? {
        try require(subject)
        return try book.latest(ExactText(subject), key.name).map { try key.read($0, of: subject) }
    }

    /// All values of a name of a subject, oldest first.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func all<Value>(_ subject: String, _ key: FactKey<Value>) throws -> [Value] {
        try require(subject)
        return try book.all(ExactText(subject), key.name).map { try key.read($0, of: subject) }
    }

    /// All values of a kind of a subject, by what follows the kind in their names, oldest first.
    ///
    /// - Parameter kind: the key of a name that ends with what it is given.
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func all<Value>(_ subject: String, ofKind kind: (String) -> FactKey<Value>) throws -> [String: [Value]] {
        try require(subject)
        let prefix = kind("").name
        var values: [String: [Value]] = [:]
        for (name, value) in book.all(ExactText(subject), beginningWith: prefix) {
            values[String(name.dropFirst(prefix.count)), default: []].append(try kind("").read(value, of: subject))
        }
        return values
    }

    /// What was not read must not look as if it were not there.
    private func require(_ subject: String) throws(Failure) {
        guard book.isKnown(ExactText(subject)) else { throw .broken("the facts of \(subject) were not read") }
    }
}
