import JSON

/// A one-off command that a story asks for. All that it does stands in its words.
public struct Errand: Sendable, Equatable {
    public enum End: Sendable, Equatable {
        case exits(Int)
        /// Its host vanishes: no exit code is ever known.
        case vanishes
    }

    public var name: String
    public var end: End
    /// In milliseconds.
    public var lasts: Int
    public var isDetached = false
    /// Whether it has the database for itself.
    public var isAlone = true

    static let program = "errand"
    /// What begins the values that must be seen nowhere.
    static let canary = "canary-of-"
    /// A value that only who asks for it knows.
    var password: String { Self.canary + name }

    public init(_ name: String, _ end: End = .exits(0), lasts: Int = 200) {
        self.name = name
        self.end = end
        self.lasts = lasts
    }

    var words: [String] {
        let code: String =
            switch end {
            case .exits(let code): String(code)
            case .vanishes: "vanish"
            }
        return [Self.program, name, code, String(lasts), isAlone ? "alone" : "beside"]
    }

    /// What words say; nil where they are none of an errand.
    init?(words: [String]) {
        guard words.count == 5, words[0] == Self.program, let lasts = Int(words[3]) else { return nil }
        self.init(words[1], Int(words[2]).map(End.exits) ?? .vanishes, lasts: lasts)
        isAlone = words[4] == "alone"
    }
}
