/// A text that AWS or a program behind it has written: it may hold values of environments, and whatever a terminal obeys.
///
/// What it really says can be asked about and not be had: all that comes out of it is masked, with the values that are known
/// at that moment. So a text cannot be shown by mistake.
public struct Untrusted: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let raw: String
    private let secrets: Secrets

    /// - Parameter secrets: all values that are hidden.
    public init(_ raw: String, hiding secrets: Secrets) {
        self.raw = raw
        self.secrets = secrets
    }

    /// A text of our own, in which nothing is hidden.
    init(own text: String) { self.init(text, hiding: Self.none) }

    private static let none = Secrets()

    /// The text as it may be shown.
    public var description: String { secrets.hide(in: raw) }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Whether words are in it, as they are.
    public func contains(_ words: String) -> Bool { raw.contains(words) }

    /// Whether words are in it, in whatever case.
    public func mentions(_ words: String) -> Bool { raw.lowercased().contains(words.lowercased()) }

    public func hasPrefix(_ words: String) -> Bool { raw.hasPrefix(words) }

    /// The name that comes after some words, such as an IAM action; nil if there is none.
    func name(after words: String) -> Substring? {
        guard let found = raw.firstRange(of: words) else { return nil }
        return raw[found.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == ":" || $0 == "-" }
    }

    public static func == (one: Untrusted, other: Untrusted) -> Bool { one.raw == other.raw }
}
