import AWS
import Hashing

extension Credentials {
    /// New credentials in AWS's form.
    ///
    /// - Parameter generator: must be one that cannot be guessed, such as the system's.
    public static func random(using generator: inout some RandomNumberGenerator) -> Credentials {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let name = String((0..<16).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
        let secret = Hex.encode((0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) })
        return Credentials(accessKeyID: "AKIA\(name)", secretAccessKey: secret)
    }
}
