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

    /// What was not read must not look as if it were not there.
    private func require(_ subject: String) throws(Failure) {
        guard book.isKnown(ExactText(subject)) else { throw .broken("the facts of \(subject) were not read") }
    }
}
