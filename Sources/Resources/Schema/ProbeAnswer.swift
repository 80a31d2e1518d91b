/// What a probe has told of the database.
public enum ProbeAnswer: Sendable, Equatable {
    case version(String, isDirty: Bool)
    /// It told nothing that can be understood.
    case unreadable(String)

    private static let mark = "RECONCILE_SCHEMA="

    /// Reads a line `RECONCILE_SCHEMA=VERSION[ dirty]`, or one that a declared pattern matches; nil for any other line.
    init?(line: String, _ pattern: VersionPattern? = nil) {
        if let start = line.firstRange(of: Self.mark) {
            let words = line[start.upperBound...].split(whereSeparator: \.isWhitespace)
            self.init(version: words.first.map(String.init) ?? "", isDirty: words.dropFirst().first == "dirty")
        } else if let found = pattern?.match(line) {
            self.init(version: found.version, isDirty: found.isDirty)
        } else {
            return nil
        }
    }

    /// What was told in other ways than by a line.
    init(version: String, isDirty: Bool) {
        self =
            Syntax.isVersion(version)
            ? .version(version, isDirty: isDirty) : .unreadable("its line \(Self.mark) names no version")
    }

    /// Of a program that has ended and said nothing of it.
    public static let silent = ProbeAnswer.unreadable("its log has no line \(mark)VERSION")

    /// Reads the form in which the ledger keeps it.
    init(fact: String) {
        if fact.hasPrefix("unreadable: ") {
            self = .unreadable(String(fact.dropFirst("unreadable: ".count)))
        } else {
            self = .version(
                fact.split(separator: " ").first.map(String.init) ?? "", isDirty: fact.hasSuffix(" dirty"))
        }
    }

    var fact: String {
        switch self {
        case .version(let version, let isDirty): version + (isDirty ? " dirty" : "")
        case .unreadable(let why): "unreadable: \(why)"
        }
    }
}
