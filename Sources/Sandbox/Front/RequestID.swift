import Hashing

/// Ids of requests, in the form of a UUID.
enum RequestID {
    static func text(_ number: Int, _ now: Int) -> String {
        let hex = Array(SHA256.hex("\(number)/\(now)"))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }
}
