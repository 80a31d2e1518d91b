import JSON

/// The facts of one subject, oldest first.
struct SubjectFacts {
    private struct Named {
        let name: ExactText
        /// The name up to its first `/`: what follows tells facts of one kind apart.
        let kind: ExactText
        let value: String

        init(_ name: String, _ value: String) {
            self.name = ExactText(name)
            let end = name.utf8.firstIndex(of: UInt8(ascii: "/"))
            kind = end.map { ExactText(String(name[..<$0])) } ?? self.name
            self.value = value
        }
    }

    private var facts: [Named] = []
    /// How many facts of each kind there are.
    private var counts: [ExactText: Int] = [:]

    /// How many facts of a kind are kept where they do not say so: in ledgers of format 1.
    static let usual = 200

    /// Takes in the next fact, and forgets those that it makes obsolete.
    mutating func take(_ fact: Fact) {
        let named = Named(fact.name, fact.value)
        add(named)
        var surplus = (counts[named.kind] ?? 0) - max(fact.keep ?? Self.usual, 1)
        while surplus > 0, let oldest = facts.firstIndex(where: { $0.kind == named.kind }) {
            facts.remove(at: oldest)
            counts[named.kind]? -= 1
            surplus -= 1
        }
    }

    private mutating func add(_ named: Named) {
        facts.append(named)
        counts[named.kind, default: 0] += 1
    }

    /// All values of a name.
    func all(_ name: String) -> [String] {
        let name = ExactText(name)
        return facts.filter { $0.name == name }.map(\.value)
    }

    /// All facts whose names begin so.
    func all(beginningWith prefix: String) -> [(name: String, value: String)] {
        facts.filter { $0.name.text.hasPrefix(prefix) }.map { ($0.name.text, $0.value) }
    }

    /// The latest value of a name.
    func latest(_ name: String) -> String? {
        let name = ExactText(name)
        return facts.last { $0.name == name }?.value
    }

    // MARK: - As a page

    var page: String { JSON.array(facts.map { [.string($0.name.text), .string($0.value)] }).canonical }

    init() {}

    /// nil for what is no page.
    init?(page: String) {
        let pairs: [JSON]
        do { pairs = try JSON.parse(page).elements } catch { return nil }
        for pair in pairs.map(\.elements) {
            guard pair.count == 2, let name = pair[0].string, let value = pair[1].string else { return nil }
            add(Named(name, value))
        }
    }
}

/// A text by its bytes, as SQLite and digests compare: two texts that Swift takes for the same may be two names.
struct ExactText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool {
        // Most are different, which Swift tells fast.
        left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
