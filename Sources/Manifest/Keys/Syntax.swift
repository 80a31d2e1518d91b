/// Which texts are well-formed names, tags, digests and versions.
public enum Syntax {
    /// ECS names of services and clusters: up to 255 of `A-Za-z0-9_-`.
    static let name = Letters(most: 255, marks: "_-")
    public static func isService(_ text: String) -> Bool { name.admit(text) }

    /// A cluster may also be given by its ARN.
    public static func isCluster(_ text: String) -> Bool {
        name.admit(text) || (text.hasPrefix("arn:") && text.contains(":cluster/") && !text.contains { $0.isWhitespace })
    }

    /// Such as `us-east-1`: it becomes a part of host names.
    static let region = Letters(most: 64, marks: "-")
    public static func isRegion(_ text: String) -> Bool { region.admit(text) }

    /// An account's number.
    public static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    }
    static let account = TextForm.pattern("^[0-9]{12}$", bound: "12 digits")

    /// An environment's or a database's name: it stands in tags and in `DATABASE=VERSION`.
    static let label = Letters(most: 64, marks: "._-")
    public static func isLabel(_ text: String) -> Bool { label.admit(text) }

    /// A schema version, several Alembic heads joined with `+` included.
    static let version = Letters(most: 128, marks: "._:/=+@-")
    public static func isVersion(_ text: String) -> Bool { version.admit(text) }

    /// A tag of an image (OCI Distribution Specification).
    static func isTag(_ text: String) -> Bool {
        Letters(most: 128, marks: "._-").admit(text) && !text.hasPrefix(".") && !text.hasPrefix("-")
    }
    static let tag = TextForm.pattern(
        "^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", bound: "1 to 128 of `A-Za-z0-9._-`, not beginning with `.` or `-`")

    public static func isDigest(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.utf8.dropFirst(7).allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
    static let digest = TextForm.pattern(
        "^sha256:[0-9a-f]{64}$", bound: "`sha256:` and 64 lower-case hexadecimal digits")

    static let tagAdvice = "use 1 to 128 letters, digits, dots, hyphens and underscores; neither dot nor hyphen first"
    static let digestAdvice = "write sha256: and 64 lower-case hexadecimal digits"
    static let versionAdvice = "use 1 to 128 of A-Z a-z 0-9 . _ : / = + @ -"

    /// A Lambda function's name or ARN, whole or partial, perhaps with a qualifier such as `$LATEST`.
    /// (Lambda API Reference, Invoke, "FunctionName".)
    static func isFunction(_ text: String) -> Bool {
        Letters(most: 170, marks: "_-:$").admit(text)
            && text.split(separator: ":", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }
    static let function = TextForm.pattern(
        "^[A-Za-z0-9_$-]+(:[A-Za-z0-9_$-]+)*$", most: 170, bound: "at most 170 of `A-Za-z0-9_-:$`")

    /// A repository without tag or digest: a colon may only be a port's.
    public static func isRepository(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard Letters(most: 512, marks: "._/-:").admit(text), let last = parts.last else { return false }
        return !last.contains(":") && parts.allSatisfy { !$0.isEmpty }
    }
    static let repository = TextForm.pattern(
        "^(?!/)([A-Za-z0-9._:/-]*/)?[A-Za-z0-9._-]+$", most: 512, bound: "at most 512 of `A-Za-z0-9._/-:`")
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
