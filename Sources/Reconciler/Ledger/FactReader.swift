/// What the ledger knows at one moment. It is good within the look that it was lent for.
public struct FactReader {
    let book: LedgerBook

    /// The latest value of a name of a subject.
    public func latest(_ subject: String, _ name: String) throws -> String? { try book.fact(subject, name) }

    /// All values of a name of a subject, oldest first.
    public func all(_ subject: String, _ name: String) throws -> [String] { try book.facts(subject, name) }
}
