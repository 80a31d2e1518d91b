import JSON

/// Something that the ledger knows for good: the latest value of a name of a subject counts, older ones are history.
public struct Fact: Sendable, Hashable {
    public let subject: String
    public let name: String
    public let value: String

    public init(subject: String, name: String, value: String) {
        self.subject = subject
        self.name = name
        self.value = value
    }
}

extension Fact {
    init?(json: JSON) {
        guard let subject = json["subject"]?.string, let name = json["name"]?.string,
            let value = json["value"]?.string
        else { return nil }
        self.init(subject: subject, name: name, value: value)
    }

    /// By its bytes, as SQLite and digests compare: two texts that Swift takes for the same may be two names.
    func isNamed(_ subject: String, _ name: String) -> Bool {
        self.name.utf8.elementsEqual(name.utf8) && self.subject.utf8.elementsEqual(subject.utf8)
    }

    public var json: JSON { ["subject": .string(subject), "name": .string(name), "value": .string(value)] }

    /// Those of an outcome or an adoption.
    static func all(in payload: JSON) -> [Fact] { (payload["facts"]?.elements ?? []).compactMap(Fact.init(json:)) }
}
