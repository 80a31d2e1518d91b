/// What a probe has told of the database.
public enum ProbeAnswer: Sendable, Equatable {
    case version(String, isDirty: Bool)
    /// It told nothing that can be understood.
    case unreadable(String)

    private static let mark = "RECONCILE_SCHEMA="

    /// Reads the last line `RECONCILE_SCHEMA=VERSION[ dirty]` of a log.
    public init(log: [String]) {
        let line = log.last { $0.contains(Self.mark) }
        guard let line, let start = line.firstRange(of: Self.mark) else {
            self = .unreadable("its log has no line \(Self.mark)VERSION")
            return
        }
        let words = line[start.upperBound...].split(whereSeparator: \.isWhitespace)
        guard let version = words.first else {
            self = .unreadable("its line \(Self.mark) names no version")
            return
        }
        self = .version(String(version), isDirty: words.dropFirst().first == "dirty")
    }

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
