/// Which texts are well-formed names, tags, digests and versions.
enum Syntax {
    /// ECS names of services and clusters: up to 255 of `A-Za-z0-9_-`; a cluster may also be given by its ARN.
    static func isName(_ text: String) -> Bool { matches(text, 255, "_-") }

    /// An environment's or a database's name: it stands in tags and in `DATABASE=VERSION`.
    static func isLabel(_ text: String) -> Bool { matches(text, 64, "._-") }

    /// A schema version, several Alembic heads joined with `+` included.
    static func isVersion(_ text: String) -> Bool { matches(text, 128, "._:/=+@-") }

    /// A tag of an image (OCI Distribution Specification).
    static func isTag(_ text: String) -> Bool {
        matches(text, 128, "._-") && !text.hasPrefix(".") && !text.hasPrefix("-")
    }

    static func isDigest(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.dropFirst(7).allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }

    /// A repository without tag or digest: a colon may only be a port's.
    static func isRepository(_ text: String) -> Bool {
        guard matches(text, 512, "._-/:"), let last = text.split(separator: "/").last else { return false }
        return !last.contains(":") && !text.hasPrefix("/") && !text.hasSuffix("/")
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
