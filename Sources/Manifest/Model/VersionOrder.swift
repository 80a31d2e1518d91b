/// How two schema versions are compared. Only equality holds for every migration framework.
public enum VersionOrder: String, Sendable, CaseIterable {
    /// By equality; the ledger's history tells which came later.
    case opaque
    /// As whole numbers of any size, such as `20260131120000`.
    case integer
    /// Part by part as whole numbers, such as `2.10.1`; a missing part counts as 0.
    case dotted
    /// By UTF-8 bytes.
    case lexical

    /// Whether a version can be compared in this order at all.
    public func admits(_ version: String) -> Bool {
        switch self {
        case .opaque, .lexical: true
        case .integer: Self.isNumber(version[...])
        case .dotted: version.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isNumber)
        }
    }

    /// Where `version` is relative to what the database is at.
    public enum Standing: Sendable, Equatable { case same, newer, older, unknown }

    /// - Parameter history: versions that the database was brought to, oldest first; the last is where it is now.
    public func standing(of version: String, given history: [String]) -> Standing {
        // What `"image"` left behind are digests: they have no place in an order of versions.
        let history = self == .opaque ? history : history.filter { !$0.hasPrefix("sha256:") }
        guard let current = history.last else { return .newer }
        if version == current { return .same }
        switch self {
        case .opaque: return history.contains(version) ? .older : .newer
        case .integer, .dotted, .lexical:
            guard admits(version), admits(current) else { return .unknown }
            return compare(version, current)
        }
    }

    /// Whether two texts name one version: `7` and `007` do, as whole numbers.
    public func isSame(_ version: String, _ other: String) -> Bool { standing(of: version, given: [other]) == .same }

    private func compare(_ version: String, _ current: String) -> Standing {
        if self == .lexical { return version.utf8.lexicographicallyPrecedes(current.utf8) ? .older : .newer }
        var left = Self.parts(version)
        var right = Self.parts(current)
        while left.count < right.count { left.append("") }
        while right.count < left.count { right.append("") }
        for (mine, theirs) in zip(left, right) where mine != theirs {
            // Without leading zeros the longer number is the larger one, whatever its size.
            let isLess = mine.count == theirs.count ? mine < theirs : mine.count < theirs.count
            return isLess ? .older : .newer
        }
        return .same
    }

    private static func parts(_ version: String) -> [Substring] {
        version.split(separator: ".", omittingEmptySubsequences: false).map { $0.drop { $0 == "0" } }
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
