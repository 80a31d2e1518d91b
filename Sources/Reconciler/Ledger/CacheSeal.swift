import Hashing

/// Values of the cache with a digest before each: the chain does not cover them, and what a disk has changed is to be
/// forgotten, not believed.
struct CacheSeal {
    let key: [UInt8]

    private static let length = 32

    func close(_ text: String, as name: String) -> String { digest(text, name) + text }

    /// What was closed under that name; nil where it is not that any more.
    func open(_ stored: String, as name: String) -> String? {
        let text = String(stored.dropFirst(Self.length))
        return stored == close(text, as: name) ? text : nil
    }

    private func digest(_ text: String, _ name: String) -> String {
        Hex.encode(SHA256.authenticate("\(name)\n\(text)".utf8, key: key).prefix(Self.length / 2))
    }
}
