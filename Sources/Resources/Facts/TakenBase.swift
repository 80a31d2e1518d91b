import Ledger

/// The revision that a service's definition was made from last.
struct TakenBase: FactValue, Equatable {
    let imagelessDigest: String
    let arn: String

    init(imagelessDigest: String, arn: String) {
        self.imagelessDigest = imagelessDigest
        self.arn = arn
    }

    init?(fact: String) {
        let parts = fact.split(separator: " ")
        guard parts.count == 2 else { return nil }
        self.init(imagelessDigest: String(parts[0]), arn: String(parts[1]))
    }

    var fact: String { "\(imagelessDigest) \(arn)" }
}
