import Base
import JSON
import Time

/// What is asked of a ledger.
extension Ledger {
    /// How many entries it has by now, those of other processes included.
    public func length() async throws(Failure) -> Int64 {
        _ = try await look()
        return place.count
    }

    /// The intents of an environment whose end is not known, oldest first.
    public func openIntents(environment: String) async throws(Failure) -> [Intent] {
        try await openIntents { $0.entry.environment == environment }
    }

    /// The same, and those of other environments about resources of these names: they may be about the same things.
    public func openIntents(of resources: Set<ResourceID>, environment: String) async throws(Failure) -> [Intent] {
        let names = Set(resources.map(\.description))
        return try await openIntents { open in
            open.entry.environment == environment || open.entry.resource.map(names.contains) ?? false
        }
    }

    /// The same of all environments, of resources of some kinds.
    public func openIntents(kinds: Set<String>) async throws(Failure) -> [Intent] {
        try await openIntents { open in
            open.entry.resource.flatMap(ResourceID.init(_:)).map { kinds.contains($0.kind) } ?? false
        }
    }

    /// Whether this ledger has an intent with this number, whose token begins so, and its outcome.
    public func isSettled(_ sequence: Int64, token prefix: String) async throws(Failure) -> Bool {
        let open = try await look().open
        guard sequence > 0, sequence <= place.count, open[sequence] == nil else { return false }
        let entry = try await log.entry(sequence)
        return entry.kind == .intent && entry.token.hasPrefix(prefix)
    }

    /// Whether of some open intent it is not known since when it is there.
    public func hasUndatedIntents() async throws(Failure) -> Bool {
        try await openIntents { _ in true }.contains { $0.knownSince == nil }
    }

    private func openIntents(_ isWanted: (LedgerState.Open) -> Bool) async throws(Failure) -> [Intent] {
        let open = try await look().open.values.filter(isWanted).sorted { $0.entry.sequence < $1.entry.sequence }
        var intents: [Intent] = []
        for open in open {
            guard let entry = open.entry.entry, let resource = entry.resource, let record = IntentRecord(entry.payload)
            else {
                throw LedgerFailure.damaged(
                    path, cause: ["entry \(open.entry.sequence): an intent without its action"])
            }
            var acceptance: JSON?
            if let text = open.acceptance { acceptance = try parse(text) }
            var intent = Intent(entry, record, of: resource, acceptance: acceptance)
            intent.knownSince = open.knownSince
            intents.append(intent)
        }
        return intents
    }

    /// Reads facts of several subjects as of one moment, at the price of one look.
    public func facts<Result: Sendable>(
        of subjects: String..., read body: @Sendable (FactReader) throws -> Result
    ) async throws(Failure) -> Result {
        let book = try await look(at: subjects)
        do { return try body(FactReader(book: book)) } catch { throw LedgerFile.failure(error, path) }
    }

    /// The subjects of which there are facts, and whose names begin so.
    public func subjects(beginningWith prefix: String) async throws(Failure) -> [String] {
        try await look(at: []).subjects(beginningWith: prefix)
    }

    /// The latest value of a name of a subject.
    public func fact(_ subject: String, _ name: String) async throws(Failure) -> String? {
        try await look(at: [subject]).latest(ExactText(subject), name)
    }

    /// The same, of a type.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func fact<Value>(_ subject: String, _ key: FactKey<Value>) async throws(Failure) -> Value? {
        try await facts(of: subject) { try $0.latest(subject, key) }
    }

    /// All values, oldest first, of a type.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func facts<Value>(_ subject: String, _ key: FactKey<Value>) async throws(Failure) -> [Value] {
        try await facts(of: subject) { try $0.all(subject, key) }
    }

    /// All values of a name of a subject, oldest first.
    public func facts(_ subject: String, _ name: String) async throws(Failure) -> [String] {
        try await look(at: [subject]).all(ExactText(subject), name)
    }
}
