import Base
import Hashing

/// A ledger in a bucket of Amazon S3, as `s3://BUCKET/PREFIX`.
struct BucketPlace: Hashable {
    let bucket: String
    /// Ends with `/`.
    let prefix: String

    /// nil for what is not in S3, whether well written or not.
    init?(_ text: String) {
        guard text.lowercased().hasPrefix(Self.scheme) else { return nil }
        let parts = text.dropFirst(Self.scheme.count).split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        bucket = String(parts[0])
        var path = parts.count > 1 ? String(parts[1]) : ""
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path.isEmpty ? "" : path + "/"
    }

    private static let scheme = "s3://"

    /// Why it cannot be used; nil where it can. (Amazon S3 User Guide, "General purpose bucket naming rules" and "Naming
    /// Amazon S3 objects".)
    var problem: String? {
        let isName =
            (3...63).contains(bucket.utf8.count)
            && bucket.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
        if !isName { return "\(quoted(bucket)) is not the name of a bucket: s3://BUCKET/PREFIX is expected" }
        if prefix.isEmpty { return "it has no prefix: s3://BUCKET/PREFIX is expected, with a prefix for each ledger" }
        let isPlain = prefix.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !prefix.contains("//")
        return isPlain && prefix.utf8.count <= 512
            ? nil : "the prefix must be plain text without spaces and empty parts"
    }

    var url: String { "s3://\(bucket)/\(prefix.dropLast())" }

    /// This machine's copies of it, and its locks, are in a folder of their own.
    func copy(_ name: String) -> String {
        let folders = [Machine.environment["XDG_CACHE_HOME"], Machine.environment["HOME"].map { $0 + "/.cache" }]
        let folder = folders.compactMap(\.self).first { $0.hasPrefix("/") } ?? "/tmp"
        return "\(folder)/reconcile/ledgers/\(SHA256.hex(url).prefix(32))/\(name).sqlite"
    }
}
