import Hashing

/// Issues ids that look like AWS's and depend on nothing but the seed and how many were issued before.
struct Identifiers: Sendable, Equatable {
    let seed: String
    private(set) var issued = 0

    init(seed: String) { self.seed = seed }

    /// 32 hexadecimal digits, as in the ARN of a task.
    mutating func hex() -> String { String(next().prefix(32)) }

    /// 19 decimal digits, as in the id of a deployment.
    mutating func digits() -> String {
        let number = next().prefix(15).utf8.reduce(0) { $0 << 4 | Int($1 & 15) }
        let text = String(number)
        return "1" + String(repeating: "0", count: max(0, 18 - text.count)) + text.prefix(18)
    }

    /// 21 characters, as in the ARN of a service deployment.
    mutating func short() -> String { String(next().prefix(21)) }

    /// The form of a UUID, as events have it.
    mutating func uuid() -> String {
        let hex = Array(hex())
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }

    /// A number below `bound` that the seed alone decides.
    func offset(below bound: Int) -> Int {
        SHA256.hash(seed.utf8).prefix(4).reduce(0) { $0 << 8 | Int($1) } % bound
    }

    private mutating func next() -> String {
        issued += 1
        return SHA256.hex("\(seed)/\(issued)")
    }
}
