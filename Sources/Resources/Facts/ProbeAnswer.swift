import Ledger
import Manifest

/// What a probe reported of the database.
public enum ProbeAnswer: FactValue, Equatable {
    case version(String, isDirty: Bool)
    /// It reported nothing that can be understood.
    case unreadable(String)

    private static let mark = "RECONCILE_SCHEMA="

    /// Reads a line that ends with `RECONCILE_SCHEMA=VERSION[ dirty]`, or one that a declared pattern matches; nil for any
    /// other line. Whatever else is there may take back what the version says, so it is not passed over.
    init?(line: String, _ pattern: VersionPattern? = nil) {
        if let start = line.firstRange(of: Self.mark) {
            self.init(text: line[start.upperBound...])
        } else if let found = pattern?.match(line) {
            self =
                Syntax.isVersion(found.version)
                ? .version(found.version, isDirty: found.isDirty)
                : .unreadable("what schema.probe.pattern finds in its log is not a version")
        } else {
            return nil
        }
    }

    /// Whether a piece of a log may have a line that says something of the version: cheaper than to look at each line.
    static func isMentioned(in bytes: ArraySlice<UInt8>) -> Bool {
        let mark = Array(mark.utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.indices.contains { index in
                bytes[index] == UInt8(ascii: "=") && index >= mark.count - 1
                    && bytes[(index - mark.count + 1)...index].elementsEqual(mark)
            }
        }
    }

    private init(text: Substring) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let version = words.first, text.first?.isWhitespace == false, Syntax.isVersion(String(version)) else {
            self = .unreadable("its line \(Self.mark) names no version")
            return
        }
        let isDirty = words.count == 2 && ["dirty", "(dirty)"].contains(words[1].lowercased())
        self =
            words.count == 1 || isDirty
            ? .version(String(version), isDirty: isDirty)
            : .unreadable("its line \(Self.mark) has more in it than a version and \"dirty\"")
    }

    /// Of a program that has ended and said nothing of it.
    public static func silent(_ pattern: VersionPattern? = nil) -> ProbeAnswer {
        .unreadable(
            pattern == nil
                ? "its log has no line \(mark)VERSION"
                : "its log has no line that schema.probe.pattern matches, and none \(mark)VERSION")
    }

    /// Reads the form in which the ledger keeps it.
    public init?(fact: String) {
        if fact.hasPrefix("unreadable: ") {
            self = .unreadable(String(fact.dropFirst("unreadable: ".count)))
        } else {
            guard let version = fact.split(separator: " ").first else { return nil }
            self = .version(String(version), isDirty: fact.hasSuffix(" dirty"))
        }
    }

    public var fact: String {
        switch self {
        case .version(let version, let isDirty): version + (isDirty ? " dirty" : "")
        case .unreadable(let why): "unreadable: \(why)"
        }
    }
}

/// What a comparison looks at beyond what an apply needs.
public struct DriftScope: Sendable {
    /// What the database has just said of its version; nil where no one has asked it.
    public var probed: ProbeAnswer?
    /// Whether the tags of the revisions in use are read again, a call for each: they may be taken away at any time, and what
    /// the ledger remembers of a revision was seen once.
    public var readsTags: Bool
    /// Whether what starts tasks of the environment is looked for: rules, schedules and state machines.
    public var readsSchedules: Bool

    public init(probed: ProbeAnswer? = nil, readsTags: Bool = false, readsSchedules: Bool = false) {
        self.probed = probed
        self.readsTags = readsTags
        self.readsSchedules = readsSchedules
    }
}
