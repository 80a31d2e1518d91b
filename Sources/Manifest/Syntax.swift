/// Which texts are well-formed names, tags, digests and versions.
public enum Syntax {
    /// ECS names of services and clusters: up to 255 of `A-Za-z0-9_-`.
    static func isName(_ text: String) -> Bool { matches(text, 255, "_-") }

    /// A cluster may also be given by its ARN.
    static func isCluster(_ text: String) -> Bool {
        isName(text) || (text.hasPrefix("arn:") && text.contains(":cluster/") && !text.contains { $0.isWhitespace })
    }

    /// Such as `us-east-1`: it becomes a part of host names.
    public static func isRegion(_ text: String) -> Bool { matches(text, 64, "-") }

    /// An environment's or a database's name: it stands in tags and in `DATABASE=VERSION`.
    static func isLabel(_ text: String) -> Bool { matches(text, 64, "._-") }

    /// A schema version, several Alembic heads joined with `+` included.
    public static func isVersion(_ text: String) -> Bool { matches(text, 128, "._:/=+@-") }

    /// A tag of an image (OCI Distribution Specification).
    static func isTag(_ text: String) -> Bool {
        matches(text, 128, "._-") && !text.hasPrefix(".") && !text.hasPrefix("-")
    }

    public static func isDigest(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.utf8.dropFirst(7).allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }

    static let tagAdvice = "use 1 to 128 letters, digits, dots, hyphens and underscores; neither dot nor hyphen first"
    static let digestAdvice = "write sha256: and 64 lower-case hexadecimal digits"
    static let versionAdvice = "use 1 to 128 of A-Z a-z 0-9 . _ : / = + @ -"

    /// A Lambda function's name or ARN, whole or partial, perhaps with a qualifier such as `$LATEST`.
    /// (Lambda API Reference, Invoke, "FunctionName".)
    static func isFunction(_ text: String) -> Bool {
        matches(text, 170, "_-:$")
            && text.split(separator: ":", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }

    /// A repository without tag or digest: a colon may only be a port's.
    static func isRepository(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard matches(text, 512, "._-/:"), let last = parts.last else { return false }
        return !last.contains(":") && parts.allSatisfy { !$0.isEmpty }
    }

    private static func matches(_ text: String, _ longest: Int, _ marks: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= longest else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (marks.unicodeScalars.contains(scalar)
                    || scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        }
    }
}

/// Durations as manifests and options write them: `90s`, `15m`, `2h`.
public enum DurationText {
    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600]

    /// nil where the text is no whole number with one of the three units, or too large to be meant.
    public static func parse(_ text: String) -> Duration? {
        guard let unit = text.last, let seconds = units[unit],
            let number = Int64(text.dropLast()), (0...1_000_000).contains(number), text.first?.isNumber == true
        else { return nil }
        return .seconds(number * seconds)
    }
}
