/// What the ledger knows at one moment. It is good within the look that it was lent for.
public struct FactReader {
    let book: FactBook

    /// The latest value of a name of a subject.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func latest<Value>(_ subject: String, _ key: FactKey<Value>) throws -> Value? {
        try book.latest(subject, key.name).map { try key.read($0, of: subject) }
    }

    /// All values of a name of a subject, oldest first.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func all<Value>(_ subject: String, _ key: FactKey<Value>) throws -> [Value] {
        try book.all(subject, key.name).map { try key.read($0, of: subject) }
    }
}
