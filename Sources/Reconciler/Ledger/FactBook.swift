import Hashing
import JSON

/// All facts that a ledger knows, by subject, in the order in which they were recorded.
///
/// A checkpoint names the facts of each subject by the digest of a page that holds them. So an opening reads no facts, and a
/// look-up reads one page.
struct FactBook {
    struct Named: Equatable {
        let name: String
        let value: String
    }

    /// The page is not the one that the checkpoint names, or it is not there.
    struct Broken: Error {}

    /// The digests of the pages that the newest checkpoint names.
    private(set) var pages: [ExactText: String] = [:]
    /// All facts of a subject, where they are known.
    private var known: [ExactText: [Named]] = [:]
    /// Facts of the other subjects since the newest checkpoint.
    private var recent: [ExactText: [Fact]] = [:]
    /// The subjects of facts since the newest checkpoint.
    private(set) var changed: Set<ExactText> = []

    /// Takes in the next fact, and forgets those that it makes obsolete.
    mutating func take(_ fact: Fact) {
        let subject = ExactText(fact.subject)
        changed.insert(subject)
        if isKnown(subject) {
            Self.add(fact, to: &known[subject, default: []])
        } else {
            recent[subject, default: []].append(fact)
        }
    }

    // MARK: - Pages

    /// Whether its facts can be asked for.
    func isKnown(_ subject: ExactText) -> Bool { known[subject] != nil || pages[subject] == nil }

    /// Takes in the page of a subject.
    ///
    /// - Throws: ``Broken`` for any other page than the one that the checkpoint names.
    mutating func take(_ page: String?, of subject: ExactText) throws {
        guard let page, SHA256.hex(page) == pages[subject], var facts = Self.read(page) else { throw Broken() }
        for fact in recent.removeValue(forKey: subject) ?? [] { Self.add(fact, to: &facts) }
        known[subject] = facts
    }

    /// Has the next checkpoint name a new page of a known subject.
    mutating func doubt(_ subject: ExactText) { changed.insert(subject) }

    /// Turns what is new into pages: what the next checkpoint names. All changed subjects must be known.
    mutating func close() -> [FactPage] {
        let subjects = changed.sorted { $0.text.precedes($1.text) }
        changed = []
        return subjects.map { subject in
            let text = JSON.array((known[subject] ?? []).map { [.string($0.name), .string($0.value)] }).canonical
            pages[subject] = SHA256.hex(text)
            return FactPage(subject: subject.text, text: text)
        }
    }

    /// What a checkpoint says of facts.
    var digests: JSON {
        .array(pages.sorted { $0.key.text.precedes($1.key.text) }.map { [.string($0.key.text), .string($0.value)] })
    }

    init() {}

    /// - Parameter digests: nil for what no checkpoint says.
    init?(digests: JSON) {
        for row in digests.elements {
            guard row.elements.count == 2, let subject = row.elements[0].string, let digest = row.elements[1].string
            else { return nil }
            pages[ExactText(subject)] = digest
        }
    }

    private static func read(_ page: String) -> [Named]? {
        var facts: [Named] = []
        do {
            for pair in try JSON.parse(page).elements {
                guard pair.elements.count == 2, let name = pair.elements[0].string, let value = pair.elements[1].string
                else { return nil }
                facts.append(Named(name: name, value: value))
            }
        } catch { return nil }
        return facts
    }

    // MARK: - Facts

    /// All values of a name of a known subject, oldest first.
    func all(_ subject: ExactText, _ name: String) -> [String] {
        let name = ExactText(name)
        return (known[subject] ?? []).filter { ExactText($0.name) == name }.map(\.value)
    }

    /// The latest of them.
    func latest(_ subject: ExactText, _ name: String) -> String? {
        let name = ExactText(name)
        return known[subject]?.last { ExactText($0.name) == name }?.value
    }

    /// How many facts of a kind are kept where they do not say so: ledgers of format 1.
    static let usual = 200

    private static func add(_ fact: Fact, to facts: inout [Named]) {
        facts.append(Named(name: fact.name, value: fact.value))
        let kind = kind(of: fact.name)
        var surplus = facts.count { Self.kind(of: $0.name).elementsEqual(kind) } - max(fact.keep ?? usual, 1)
        guard surplus > 0 else { return }
        facts.removeAll { other in
            guard surplus > 0, Self.kind(of: other.name).elementsEqual(kind) else { return false }
            surplus -= 1
            return true
        }
    }

    /// The name up to its first `/`: what follows tells facts of one kind apart.
    private static func kind(of name: String) -> Substring.UTF8View { name.prefix { $0 != "/" }.utf8 }
}

/// All facts of one subject, as a store keeps them beside the log.
struct FactPage: Equatable {
    let subject: String
    let text: String
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
