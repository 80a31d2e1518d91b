import Hashing
import JSON
import SQLite
import Time

/// The append-only, hash-chained record of what was intended and what came of it, and the views derived from it.
///
/// Every method throws ``Failure`` with one of the `ledger-…` codes. An append that returned is on the disk.
public actor Ledger {
    public nonisolated let store: LedgerStore
    public nonisolated var path: String { store.path }
    /// The name of this ledger: two files with the same lineage are copies of one.
    public nonisolated let lineage: String
    /// The views that did not follow from the entries when it was opened, and were derived anew.
    public nonisolated let mended: [String]
    private nonisolated let key: [UInt8]
    /// Whether it can only be read: this user may not write it, and it was opened for reading.
    public nonisolated let isReadOnly: Bool

    let file: LedgerFile
    let chain: LedgerChain
    let gate: (any LedgerGate)?
    private var book: LedgerBook
    private var digester = EntryDigest()

    /// A seal is made whenever that many entries have no seal: they are what an opening reads.
    public static let sealing: Int64 = 1_024

    /// Opens or makes a ledger, verifies its chain from the last seal on, or all of it, and mends views that do not follow.
    ///
    /// - Parameters:
    ///   - mayOnlyRead: whether one that this user may not write is opened all the same; appending to it then fails.
    ///   - gate: who is asked before each use, in a simulation.
    ///   - interval: after how many entries a seal is made.
    ///   - entropy: random bytes for a new ledger.
    public init(
        _ store: LedgerStore, mayOnlyRead: Bool = false, gate: (any LedgerGate)? = nil,
        sealing interval: Int64 = Ledger.sealing, entropy: (Int) -> [UInt8]
    ) throws(Failure) {
        let isReadable = mayOnlyRead && LedgerSite.mayOnlyBeRead(store.path)
        let file = isReadable ? try LedgerFile(existing: store.path) : try LedgerFile(store, entropy: entropy)
        self.file = file
        self.store = store
        isReadOnly = file.isReadOnly
        lineage = file.lineage
        key = file.key
        chain = LedgerChain(file: file)
        self.gate = gate
        var book = LedgerBook(file: file, interval: interval)
        do {
            mended = try book.open()
        } catch {
            throw LedgerFile.failure(error, store.path)
        }
        self.book = book
    }

    /// The same of a file.
    public init(
        path: String, gate: (any LedgerGate)? = nil, sealing interval: Int64 = Ledger.sealing, entropy: (Int) -> [UInt8]
    ) throws(Failure) {
        try self.init(.file(path), gate: gate, sealing: interval, entropy: entropy)
    }

    /// Takes the next epoch for a run and records its beginning.
    public func begin(
        _ payload: JSON, environment: String, time: Timestamp, awsTime: Timestamp?
    ) async throws(Failure) -> Run {
        let draft = Draft(.run, token: "", payload: payload)
        try await gate?.pass(.writing(draft))
        let entry = try write(draft, environment, time, awsTime) { newest in newest + 1 }
        try await gate?.pass(.written(entry))
        return Run(epoch: entry.epoch, environment: environment)
    }

    /// Appends an entry, with its views, in one durable transaction.
    @discardableResult
    public func append(
        _ draft: Draft, of run: Run, time: Timestamp, awsTime: Timestamp?
    ) async throws(Failure) -> Entry {
        try await gate?.pass(.writing(draft))
        let entry = try write(draft, run.environment, time, awsTime) { _ in run.epoch }
        try await gate?.pass(.written(entry))
        return entry
    }

    /// - Parameter epoch: given the newest run's, inside the transaction, where nobody else can take the same one.
    private func write(
        _ draft: Draft, _ environment: String, _ time: Timestamp, _ awsTime: Timestamp?, epoch: (Int64) -> Int64
    ) throws(Failure) -> Entry {
        let payload = draft.payload.canonical
        let (entry, digest, tail) = try sound {
            try file.transaction { () throws -> (Entry, [UInt8], LedgerTail) in
                // Another process may have appended for another environment since the last look.
                try book.refresh()
                if book.isLong { try book.seal() }
                let entry = Entry(
                    sequence: book.place.count + 1, epoch: epoch(book.tail.epoch), time: time, awsTime: awsTime,
                    environment: environment, resource: draft.resource, kind: draft.kind, token: draft.token,
                    payload: draft.payload)
                let tail = try after(entry)
                let digest = digester.of(entry, payload: payload, after: book.place.head)
                try LedgerWriter(connection: file.connection).store(entry, payload: payload, digest: digest)
                return (entry, digest, tail)
            }
        }
        book.take(tail, LedgerChain.Place(head: digest, count: entry.sequence))
        return entry
    }

    /// What follows from an entry that is about to be appended.
    private func after(_ entry: Entry) throws(Failure) -> LedgerTail {
        var tail = book.tail
        do { try tail.take(entry) } catch {
            throw Failure(
                .invariantBroken, "an entry that must not be: \(error.reason)", of: entry.resource,
                hint: "this is a bug: please report it with the output of apply --verbose")
        }
        return tail
    }

    /// Does something with what is known of the ledger. Where that turns out not to be what was sealed, everything is read
    /// and mended, or refused, and it is done once more: also where others write so that it has changed again meanwhile.
    private func sound<Result>(_ body: () throws -> Result) throws(Failure) -> Result {
        do {
            for _ in 0..<3 {
                do { return try body() } catch is FactTree.Broken { try book.audit() }
            }
            do { return try body() } catch is FactTree.Broken {
                throw LedgerFailure.damaged(path, cause: ["what is sealed of its facts does not stay as it is written"])
            }
        } catch {
            // What was rolled back is not there.
            book.forget()
            throw LedgerFile.failure(error, path)
        }
    }

    /// Reads from one state of the file, up to what others have appended by now.
    private func look<Result>(_ body: () throws -> Result) async throws(Failure) -> Result {
        try await gate?.pass(.reading)
        return try sound {
            try file.connection.snapshot {
                try book.refresh()
                return try body()
            }
        }
    }

    /// The intents of an environment whose end is not known, oldest first.
    public func openIntents(environment: String) async throws(Failure) -> [Intent] {
        try await openIntents { $0.environment == environment }
    }

    /// The same, and those of other environments about resources of these names: they may be about the same things.
    public func openIntents(of resources: Set<ResourceID>, environment: String) async throws(Failure) -> [Intent] {
        let names = Set(resources.map(\.description))
        return try await openIntents { open in
            open.environment == environment || open.resource.map(names.contains) ?? false
        }
    }

    /// The same of all environments, of resources of some kinds.
    public func openIntents(kinds: Set<String>) async throws(Failure) -> [Intent] {
        try await openIntents { open in
            open.resource.flatMap(ResourceID.init(_:)).map { kinds.contains($0.kind) } ?? false
        }
    }

    /// Whether of some open intent it is not known since when it is there.
    func hasUndatedIntents() async throws(Failure) -> Bool {
        try await openIntents { _ in true }.contains { $0.knownSince == nil }
    }

    private func openIntents(_ isWanted: (LedgerTail.Open) -> Bool) async throws(Failure) -> [Intent] {
        try await look {
            let open = book.tail.open.filter { isWanted($0.value) }.sorted { $0.key < $1.key }
            return try open.map { sequence, open in
                let entry = try chain.entry(sequence)
                guard let resource = entry.resource, let record = IntentRecord(entry.payload) else {
                    throw LedgerFailure.damaged(path, cause: ["entry \(sequence): an intent without its action"])
                }
                var intent = Intent(entry, record, of: resource, acceptance: try open.acceptance.map(parse))
                if intent.awsTime == nil { intent.knownSince = try firstTime(after: sequence) }
                return intent
            }
        }
    }

    /// AWS's time in the first entry after another that has one: that one is not younger.
    private func firstTime(after sequence: Int64) throws -> Timestamp? {
        var next = sequence + 1
        while next <= book.place.count {
            if let time = try chain.entry(next).awsTime { return time }
            next += 1
        }
        return nil
    }

    /// Reads several facts as of one moment, at the price of one look.
    public func facts<Result: Sendable>(
        _ body: @Sendable (FactReader) throws -> Result
    ) async throws(Failure) -> Result {
        try await look { try body(FactReader(book: book)) }
    }

    /// The latest value of a name of a subject.
    public func fact(_ subject: String, _ name: String) async throws(Failure) -> String? {
        try await look { try book.fact(subject, name) }
    }

    /// The same, of a type.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func fact<Value>(_ subject: String, _ key: FactKey<Value>) async throws(Failure) -> Value? {
        try await look { try FactReader(book: book).latest(subject, key) }
    }

    /// All values, oldest first, of a type.
    ///
    /// - Throws: ``Failure`` with code `ledger-unreadable` for a value that this release cannot read.
    public func facts<Value>(_ subject: String, _ key: FactKey<Value>) async throws(Failure) -> [Value] {
        try await look { try FactReader(book: book).all(subject, key) }
    }

    /// All values of a name of a subject, oldest first.
    public func facts(_ subject: String, _ name: String) async throws(Failure) -> [String] {
        try await look { try book.facts(subject, name) }
    }

    /// An environment's newest run, without its steps.
    public func newestRun(environment: String) async throws(Failure) -> HistoryRun? {
        try await look {
            guard let run = book.tail.newest[environment] else { return nil }
            return History(try [run.began, run.ended].compactMap(\.self).map(chain.entry)).runs().first
        }
    }

    /// Something of AWS that never changes, as it was remembered.
    public func cached(_ key: String) throws(Failure) -> JSON? {
        let text = try query("SELECT value FROM cache WHERE key = ?", .text(key)) { $0.text(0) }.first
        return try text.flatMap { CacheSeal(key: self.key).open($0, as: key) }
            .map { (text) throws(Failure) in try parse(text) }
    }

    /// Remembers something of AWS that never changes. No entry: it may be forgotten at any time.
    public func cache(_ key: String, _ value: JSON) throws(Failure) {
        if file.isReadOnly { return }
        do {
            let sealed = CacheSeal(key: self.key).close(value.canonical, as: key)
            try file.transaction {
                try file.connection.run(
                    "INSERT INTO cache VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value "
                        + "WHERE value <> excluded.value", .text(key), .text(sealed))
            }
        } catch {
            throw LedgerFile.failure(error, path)
        }
    }

    /// What may be shown instead of a value that might be secret: the same value has the same fingerprint in this ledger,
    /// and without the ledger's key nobody can try values out against it.
    ///
    /// A ledger without a file has a key for this process only, and a fingerprint that nobody can compare says nothing.
    public nonisolated func fingerprint(_ value: String) -> String {
        if store == .memory { return "(hidden)" }
        return "hmac:" + Hex.encode(SHA256.authenticate(value.utf8, key: key).prefix(6))
    }

    /// By which a text that holds secrets can be found again in this ledger, and in no other.
    public nonisolated func digest(of text: String) -> String {
        Hex.encode(SHA256.authenticate(text.utf8, key: key))
    }

    private func parse(_ text: String) throws(Failure) -> JSON {
        do { return try JSON.parse(text) } catch {
            throw LedgerFailure.damaged(path, cause: ["a stored value does not parse: \(error.message)"])
        }
    }

    private func query<Row>(
        _ sql: String, _ values: Value..., map: (borrowing Statement) -> Row
    ) throws(Failure) -> [Row] {
        do { return try file.connection.query(sql, values: values, map: map) } catch {
            throw LedgerFailure.from(error, path: path)
        }
    }
}

/// A run that has taken its epoch.
public struct Run: Sendable, Equatable {
    public let epoch: Int64
    public let environment: String
}
