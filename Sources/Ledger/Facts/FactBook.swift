import Base
import Hashing
import JSON

/// All facts that a ledger knows, by subject, in the order in which they were recorded.
///
/// A checkpoint names the facts of each subject by the digest of a page that holds them. So an opening reads no facts, and a
/// look-up reads one page.
struct FactBook {
    /// The page is not the one that the checkpoint names, or it is not there.
    struct Broken: Error {}

    /// The digests of the pages that the newest checkpoint names.
    private(set) var pages: [ExactText: String] = [:]
    /// All facts of a subject, where they are known.
    private var known: [ExactText: SubjectFacts] = [:]
    /// Facts of the other subjects since the newest checkpoint.
    private var recent: [ExactText: [Fact]] = [:]
    /// The subjects of facts since the newest checkpoint.
    private(set) var changed: Set<ExactText> = []

    /// Takes in the next fact, and forgets those that it makes obsolete.
    mutating func take(_ fact: Fact) {
        let subject = ExactText(fact.subject)
        changed.insert(subject)
        if isKnown(subject) {
            known[subject, default: SubjectFacts()].take(fact)
        } else {
            recent[subject, default: []].append(fact)
        }
    }

    // MARK: - Pages

    /// Whether its facts can be asked for.
    func isKnown(_ subject: ExactText) -> Bool { known[subject] != nil || pages[subject] == nil }

    /// A changed subject whose page must be read before the next checkpoint; nil where there is none.
    var firstUnknown: ExactText? { changed.first { !isKnown($0) } }

    /// Takes in the page of a subject.
    ///
    /// - Throws: ``Broken`` for any other page than the one that the checkpoint names.
    mutating func take(_ page: String?, of subject: ExactText) throws {
        guard let page, SHA256.hex(page) == pages[subject], var facts = SubjectFacts(page: page) else {
            throw Broken()
        }
        for fact in recent.removeValue(forKey: subject) ?? [] { facts.take(fact) }
        known[subject] = facts
    }

    /// Has the next checkpoint name a new page of a known subject.
    mutating func doubt(_ subject: ExactText) { changed.insert(subject) }

    /// Turns what is new into pages: what the next checkpoint names.
    ///
    /// - Throws: ``Failure`` with code `invariant-broken` where a changed subject is not known: its page would lose facts.
    mutating func close() throws(Failure) -> [FactPage] {
        var written: [FactPage] = []
        for subject in changed.sorted(by: { $0.text.precedes($1.text) }) {
            guard let facts = known[subject] else { throw .broken("the facts of \(subject.text) were not read") }
            written.append(FactPage(subject: subject.text, text: facts.page))
        }
        for page in written { pages[ExactText(page.subject)] = SHA256.hex(page.text) }
        changed = []
        return written
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

    // MARK: - Facts

    /// All subjects whose names begin so, in order.
    func subjects(beginningWith prefix: String) -> [String] {
        Set(pages.keys).union(known.keys).union(recent.keys).map(\.text).filter { $0.hasPrefix(prefix) }
            .sorted { $0.precedes($1) }
    }

    /// All facts of a known subject whose names begin so, oldest first.
    func all(_ subject: ExactText, beginningWith prefix: String) -> [(name: String, value: String)] {
        known[subject]?.all(beginningWith: prefix) ?? []
    }

    /// All values of a name of a known subject, oldest first.
    func all(_ subject: ExactText, _ name: String) -> [String] { known[subject]?.all(name) ?? [] }

    /// The latest of them.
    func latest(_ subject: ExactText, _ name: String) -> String? { known[subject]?.latest(name) }
}

/// All facts of one subject, as a store keeps them next to the log.
struct FactPage: Equatable {
    let subject: String
    let text: String
}
