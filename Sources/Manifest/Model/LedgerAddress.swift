import Base

/// Where a ledger is, as `--ledger`, the manifest's `ledger` or RECONCILE_LEDGER names it.
public enum LedgerAddress: Sendable, Hashable {
    case file(String)
    case bucket(BucketAddress)

    /// Why a name is none.
    public struct Misnamed: Error {
        public let reason: String
    }

    public init(_ text: String) throws(Misnamed) {
        if text.isEmpty { throw Misnamed(reason: "an empty name is not a path") }
        if let bucket = try BucketAddress(text) {
            self = .bucket(bucket)
            return
        }
        if let range = text.firstRange(of: "://"), text[..<range.lowerBound].allSatisfy(Self.isOfScheme) {
            throw Misnamed(reason: "ledgers of the kind \(text[..<range.upperBound]) are not supported")
        }
        if text.lowercased().hasPrefix("s3:") { throw Misnamed(reason: "s3://BUCKET/PREFIX is expected") }
        if text.hasPrefix(":") || text.lowercased().hasPrefix("file:") {
            throw Misnamed(reason: "SQLite gives this name a meaning of its own")
        }
        if let end = ["-wal", "-shm", "-journal"].first(where: text.hasSuffix) {
            throw Misnamed(reason: "files that end with \(end) are SQLite's own, and are removed by it")
        }
        self = .file(text)
    }

    /// What people can do about a name that is none.
    public static let advice = "name a file or s3://BUCKET/PREFIX"

    private static func isOfScheme(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "+.-".contains(character))
    }
}

/// A ledger in a bucket of Amazon S3, as `s3://BUCKET/PREFIX`.
public struct BucketAddress: Sendable, Hashable {
    public let bucket: String
    /// Ends with `/`.
    public let prefix: String

    /// nil for what is not in S3. (Amazon S3 User Guide, "General purpose bucket naming rules" and "Naming Amazon S3
    /// objects".)
    public init?(_ text: String) throws(LedgerAddress.Misnamed) {
        guard text.lowercased().hasPrefix(Self.scheme) else { return nil }
        let parts = text.dropFirst(Self.scheme.count).split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        bucket = String(parts[0])
        var path = parts.count > 1 ? String(parts[1]) : ""
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path.isEmpty ? "" : path + "/"
        if let problem { throw LedgerAddress.Misnamed(reason: problem) }
    }

    private static let scheme = "s3://"
    public var url: String { "\(Self.scheme)\(bucket)/\(prefix.dropLast())" }

    private var problem: String? {
        let isName =
            (3...63).contains(bucket.utf8.count)
            && bucket.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
        if !isName { return "\(quoted(bucket)) is not the name of a bucket: s3://BUCKET/PREFIX is expected" }
        if prefix.isEmpty { return "it has no prefix: s3://BUCKET/PREFIX is expected, with a prefix for each ledger" }
        let isPlain = prefix.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !("/" + prefix).contains("//")
        return isPlain && prefix.utf8.count <= 512
            ? nil : "the prefix must be plain text without spaces and empty parts"
    }
}
