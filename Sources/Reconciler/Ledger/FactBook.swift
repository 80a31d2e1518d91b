import JSON

/// All facts that a ledger knows, by subject, in the order in which they were recorded.
struct FactBook: Equatable {
    private struct Named: Equatable {
        let name: String
        let value: String
    }

    private var subjects: [ExactText: [Named]] = [:]

    /// Takes in the next fact, and forgets those that it makes obsolete.
    mutating func take(_ fact: Fact) {
        subjects[ExactText(fact.subject), default: []].append(Named(name: fact.name, value: fact.value))
        if let keep = fact.keep { trim(fact, to: keep) }
    }

    private mutating func trim(_ fact: Fact, to keep: Int) {
        let stem = FactBook.stem(of: fact.name)
        var named = subjects[ExactText(fact.subject)] ?? []
        var surplus = named.count { FactBook.stem(of: $0.name) == stem } - max(keep, 1)
        guard surplus > 0 else { return }
        named.removeAll { other in
            guard surplus > 0, FactBook.stem(of: other.name) == stem else { return false }
            surplus -= 1
            return true
        }
        subjects[ExactText(fact.subject)] = named
    }

    /// The name up to its first `/`: what follows tells facts of one kind apart.
    private static func stem(of name: String) -> ExactText {
        ExactText(String(name.prefix { $0 != "/" }))
    }

    /// The latest value of a name of a subject.
    func latest(_ subject: String, _ name: String) -> String? {
        let name = ExactText(name)
        return subjects[ExactText(subject)]?.last { ExactText($0.name) == name }?.value
    }

    /// All values of a name of a subject, oldest first.
    func all(_ subject: String, _ name: String) -> [String] {
        let name = ExactText(name)
        return (subjects[ExactText(subject)] ?? []).filter { ExactText($0.name) == name }.map(\.value)
    }

    // MARK: - As JSON

    var json: JSON {
        let sorted = subjects.sorted { $0.key.text.precedes($1.key.text) }
        return .array(
            sorted.map { subject, facts in
                [.string(subject.text), .array(facts.map { [.string($0.name), .string($0.value)] })]
            })
    }

    init() {}

    /// nil for what was never written.
    init?(_ json: JSON) {
        for row in json.elements {
            guard row.elements.count == 2, let subject = row.elements[0].string else { return nil }
            var facts: [Named] = []
            for pair in row.elements[1].elements {
                guard pair.elements.count == 2, let name = pair.elements[0].string, let value = pair.elements[1].string
                else { return nil }
                facts.append(Named(name: name, value: value))
            }
            subjects[ExactText(subject)] = facts
        }
    }
}

/// A text by its bytes, as SQLite and digests compare: two texts that Swift takes for the same may be two names.
struct ExactText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
