import JSON

/// Values that an earlier run has given to a program and that this run does not know: found in a log by their length and
/// their digest with the ledger's key, which is all that the ledger keeps of them.
struct StrangeValues: Sendable {
    /// By length in bytes.
    private let digests: [Int: Set<String>]
    private let digest: @Sendable (String) -> String

    /// A bound on the work for a line: no one is shown more of it.
    private static let longest = 8_192

    /// What is kept of values.
    static func kept(of values: [String], digest: (String) -> String) -> JSON {
        JSON(values.map { "\($0.utf8.count):\(short(digest($0)))" }.sorted { $0.precedes($1) })
    }

    /// Enough to tell a value from all others in a log.
    private static func short(_ digest: String) -> String { String(digest.prefix(16)) }

    /// - Parameters:
    ///   - kept: of all values that the program was given.
    ///   - known: those that are hidden anyway.
    init(_ kept: JSON?, known: [String], digest: @escaping @Sendable (String) -> String) {
        let mine = Set(Self.kept(of: known, digest: digest).elements.compactMap(\.string))
        var digests: [Int: Set<String>] = [:]
        for text in kept?.elements.compactMap(\.string) ?? [] where !mine.contains(text) {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let length = Int(parts[0]), length > 0 else { continue }
            digests[length, default: []].insert(String(parts[1]))
        }
        self.digests = digests
        self.digest = digest
    }

    func hide(in line: String) -> String {
        if digests.isEmpty { return line }
        var bytes = Array(line.utf8.prefix(Self.longest))
        // The longest first: a short one may be a part of it.
        for (length, wanted) in digests.sorted(by: { $0.key > $1.key }) {
            var start = 0
            while start + length <= bytes.count {
                let window = String(decoding: bytes[start..<start + length], as: UTF8.self)
                if wanted.contains(Self.short(digest(window))) {
                    bytes.replaceSubrange(start..<start + length, with: "***".utf8)
                    start += 3
                } else {
                    start += 1
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
