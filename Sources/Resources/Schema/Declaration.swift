import Reconciler

/// What a person has declared last of where a database is, and how often that has happened: a later declaration outranks all
/// earlier marks, and all that a ledger knows which has not heard of it.
struct Declaration: FactValue, Equatable {
    let number: Int
    let version: String

    /// Nobody has declared anything.
    static let none = Declaration(number: 0, version: "")

    func next(_ version: String) -> Declaration { Declaration(number: number + 1, version: version) }

    /// The form in tags and facts: `NUMBER VERSION`.
    var fact: String { "\(number) \(version)" }

    init(number: Int, version: String) {
        self.number = number
        self.version = version
    }

    /// nil for what is no declaration.
    init?(fact: String) {
        let parts = fact.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0]), number > 0 else { return nil }
        self.init(number: number, version: String(parts[1]))
    }
}
