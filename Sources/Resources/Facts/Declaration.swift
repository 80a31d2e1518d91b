import Ledger
import Time

/// The version that a person has declared last for a database, and the number of declarations so far. It outranks all marks that
/// were set before it, and what a ledger knows that does not contain it yet.
struct Declaration: FactValue, Equatable {
    let number: Int
    let version: String

    /// No declaration was made yet.
    static let none = Declaration(number: 0, version: "")

    /// The one that follows. Its number is AWS's time in seconds, so that the later of two declarations has the higher one
    /// also where they were made with different ledgers, or marked in different families.
    ///
    /// - Parameter time: AWS's; nil where it is not known for certain: then the number is the next one.
    func next(_ version: String, at time: Timestamp?) -> Declaration {
        Declaration(number: max(number + 1, time.map { Int($0.seconds) } ?? 0), version: version)
    }

    /// The form in tags and facts: `NUMBER VERSION`.
    var fact: String { "\(number) \(version)" }

    init(number: Int, version: String) {
        self.number = number
        self.version = version
    }

    /// nil for a text that is not a declaration.
    init?(fact: String) {
        let parts = fact.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0]), number > 0 else { return nil }
        self.init(number: number, version: String(parts[1]))
    }
}
