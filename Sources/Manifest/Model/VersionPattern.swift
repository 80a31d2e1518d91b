/// How a program tells a schema's version in its own words: a regular expression whose first group is the version, and whose
/// second one, if it matches anything, says that the schema is dirty.
public struct VersionPattern: Sendable, Equatable {
    public let text: String

    /// nil for a text that is not a regular expression with a group.
    public init?(_ text: String) {
        guard let groups = Self.groups(of: text), groups >= 1 else { return nil }
        self.text = text
    }

    private static func groups(of text: String) -> Int? {
        // An alternative that matches everything tells how many groups there are.
        do { return try Regex("(?:\(text))|").firstMatch(in: "").map { $0.output.count - 1 } } catch { return nil }
    }

    public func match(_ line: String) -> (version: String, isDirty: Bool)? {
        do {
            guard let groups = try Regex(text).firstMatch(in: line)?.output, let version = groups[1].substring else {
                return nil
            }
            let isDirty = groups.count > 2 && !(groups[2].substring ?? "").isEmpty
            return (String(version), isDirty)
        } catch {
            return nil
        }
    }
}
