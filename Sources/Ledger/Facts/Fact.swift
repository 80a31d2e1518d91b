import JSON

/// Something that the ledger knows for good: the latest value of a name of a subject counts, older ones are history.
public struct Fact: Sendable, Hashable {
    public let subject: String
    public let name: String
    public let value: String
    /// How many facts of this subject and kind of name are kept, this one included: older ones are of no use any more. nil in
    /// ledgers of format 1. The kind of a name is what is before its first `/`.
    public let keep: Int?

    public init(subject: String, name: String, value: String, keep: Int? = nil) {
        self.subject = subject
        self.name = name
        self.value = value
        self.keep = keep
    }
}

extension Fact {
    init?(json: JSON) {
        guard let subject = json["subject"]?.string, let name = json["name"]?.string,
            let value = json["value"]?.string
        else { return nil }
        self.init(subject: subject, name: name, value: value, keep: json["keep"]?.integer)
    }

    public var json: JSON {
        .object(dropping: [
            "subject": .string(subject), "name": .string(name), "value": .string(value),
            "keep": keep.map(JSON.integer),
        ])
    }

    /// Those of an outcome or an adoption.
    static func all(in payload: JSON) -> [Fact] { (payload["facts"]?.elements ?? []).compactMap(Fact.init(json:)) }
}
