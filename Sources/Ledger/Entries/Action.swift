/// What a step does, in a word of its kind, such as `migrate`. The engine records and compares these words; only the kinds
/// know what they mean.
public struct Action: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(_ word: String) { rawValue = word }

    public static let none = Action("none")
    public static let wait = Action("wait")
    public static let blocked = Action("blocked")
    /// A person has asked for the end of what is under way. Never part of a plan.
    public static let stop = Action("stop")
}
