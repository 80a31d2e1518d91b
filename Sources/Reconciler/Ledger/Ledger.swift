import Hashing
import JSON
import SQLite
import Time

/// The append-only, hash-chained record of what was intended and what came of it, and the views derived from it.
///
/// Every method throws ``Failure`` with one of the `ledger-…` codes. An append that returned is on the disk.
public actor Ledger {
    public nonisolated let path: String
    /// The name of this ledger: two files with the same lineage are copies of one.
    public nonisolated let lineage: String
    /// The views that did not follow from the entries when it was opened, and were derived anew.
    public nonisolated let mended: [String]
    private nonisolated let key: [UInt8]

    let file: LedgerFile
    let chain: LedgerChain
    private let views: LedgerViews
    let gate: (any LedgerGate)?
    private var head: [UInt8]
    private var count: Int64

    /// Opens or makes a ledger, verifies its whole chain, and mends views that do not follow from it.
    ///
    /// - Parameters:
    ///   - path: a file's path, or `:memory:`.
    ///   - entropy: random bytes for a new ledger.
    ///   - gate: who is asked before each use, in a simulation.
    public init(
        path: String, gate: (any LedgerGate)? = nil, entropy: (Int) -> [UInt8]
    ) throws(Failure) {
        let file = try LedgerFile(path: path, entropy: entropy)
        self.file = file
        self.path = path
        lineage = file.lineage
        key = file.key
        let chain = LedgerChain(file: file)
        let views = LedgerViews(connection: file.connection)
        self.chain = chain
        self.views = views
        self.gate = gate
        var end = (head: file.genesis, count: Int64(0))
        do {
            try file.checkPages()
            mended = try views.repair { visit in end = try chain.verify(visit: visit) }
        } catch {
            throw LedgerFile.failure(error, path)
        }
        (head, count) = end
    }

    /// Takes the next epoch for a run and records its beginning.
    public func begin(
        _ payload: JSON, environment: String, time: Timestamp, awsTime: Timestamp?
    ) async throws(Failure) -> Run {
        let draft = Draft(.run, token: "", payload: payload)
        try await gate?.pass(.writing(draft))
        let entry = try write(draft, environment, time, awsTime) { () throws(Failure) in
            let newest = try query("SELECT coalesce(max(epoch), 0) FROM entry") { $0.integer(0) }.first ?? 0
            return newest + 1
        }
        try await gate?.pass(.written(entry))
        return Run(epoch: entry.epoch, environment: environment)
    }

    /// Appends an entry, with its views, in one durable transaction.
    @discardableResult
    public func append(
        _ draft: Draft, of run: Run, time: Timestamp, awsTime: Timestamp?
    ) async throws(Failure) -> Entry {
        try await gate?.pass(.writing(draft))
        let entry = try write(draft, run.environment, time, awsTime) { run.epoch }
        try await gate?.pass(.written(entry))
        return entry
    }

    /// - Parameter epoch: asked for inside the transaction, where nobody else can take the same one.
    private func write(
        _ draft: Draft, _ environment: String, _ time: Timestamp, _ awsTime: Timestamp?,
        epoch: () throws(Failure) -> Int64
    ) throws(Failure) -> Entry {
        let before = (head: head, count: count)
        do {
            return try file.connection.transaction {
                // Another process may have appended for another environment since the last look.
                (head, count) = try chain.verify(from: (head, count))
                let entry = Entry(
                    sequence: count + 1, epoch: try epoch(), time: time, awsTime: awsTime, environment: environment,
                    resource: draft.resource, kind: draft.kind, token: draft.token, payload: draft.payload)
                try check(entry)
                let payload = draft.payload.canonical
                let digest = entry.digest(after: head, payload: payload)
                try file.connection.run(
                    "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    .integer(entry.sequence), .integer(entry.epoch), .integer(entry.time.seconds),
                    Value(entry.awsTime?.seconds), .text(entry.environment), Value(entry.resource?.description),
                    .text(entry.kind.rawValue), .text(entry.token), .text(payload), .blob(digest))
                try views.apply(entry)
                (head, count) = (digest, entry.sequence)
                return entry
            }
        } catch {
            // What was rolled back is not there.
            (head, count) = before
            throw LedgerFile.failure(error, path)
        }
    }

    /// Refuses an entry that no legal step leads to.
    private func check(_ entry: Entry) throws(Failure) {
        guard [.accepted, .unanswered, .outcome].contains(entry.kind) else { return }
        let intent = Int64(entry.payload["intent"]?.integer ?? 0)
        let open = try query("SELECT acceptance IS NOT NULL FROM open_intent WHERE sequence = ?", .integer(intent)) {
            $0.integer(0) == 1
        }.first
        let state: IntentState = open.map { $0 ? .accepted : .open } ?? .ended
        guard state.after(entry.kind) != nil else {
            throw Failure(
                .invariantBroken,
                "an entry \"\(entry.kind.rawValue)\" about intent \(intent), which is \(state.rawValue)",
                of: entry.resource, hint: "this is a bug: please report it with the output of apply --verbose")
        }
    }

    /// The intents of an environment whose end is not known, oldest first.
    public func openIntents(environment: String) async throws(Failure) -> [Intent] {
        try await gate?.pass(.reading)
        let open = try query(
            "SELECT sequence, acceptance FROM open_intent WHERE environment = ? ORDER BY sequence", .text(environment)
        ) { (sequence: $0.integer(0), acceptance: $0.optionalText(1)) }
        var intents: [Intent] = []
        for row in open {
            let entry = try chain.entry(row.sequence)
            guard let resource = entry.resource, let text = entry.payload["action"]?.string,
                let action = Action(rawValue: text)
            else { throw LedgerFailure.damaged(path, cause: ["entry \(row.sequence): an intent without its action"]) }
            intents.append(
                Intent(
                    sequence: entry.sequence, resource: resource, action: action, token: entry.token,
                    awsTime: entry.awsTime, payload: entry.payload,
                    acceptance: try row.acceptance.map { (text) throws(Failure) in try parse(text) }))
        }
        return intents
    }

    /// The latest value of a name of a subject.
    public func fact(_ subject: String, _ name: String) async throws(Failure) -> String? {
        try await gate?.pass(.reading)
        return try query(
            "SELECT value FROM fact WHERE subject = ? AND name = ? ORDER BY sequence DESC, position DESC LIMIT 1",
            .text(subject), .text(name)
        ) { $0.text(0) }.first
    }

    /// All values of a name of a subject, oldest first.
    public func facts(_ subject: String, _ name: String) async throws(Failure) -> [String] {
        try await gate?.pass(.reading)
        return try query(
            "SELECT value FROM fact WHERE subject = ? AND name = ? ORDER BY sequence, position",
            .text(subject), .text(name)
        ) { $0.text(0) }
    }

    /// The newest entries of an environment, newest first.
    public func newest(_ limit: Int, environment: String) async throws(Failure) -> [Entry] {
        try await gate?.pass(.reading)
        return try chain.newest(limit, environment: environment)
    }

    /// Something of AWS that never changes, as it was remembered.
    public func cached(_ key: String) throws(Failure) -> JSON? {
        let text = try query("SELECT value FROM cache WHERE key = ?", .text(key)) { $0.text(0) }.first
        return try text.flatMap { CacheSeal(key: self.key).open($0, as: key) }
            .map { (text) throws(Failure) in try parse(text) }
    }

    /// Remembers something of AWS that never changes. No entry: it may be forgotten at any time.
    public func cache(_ key: String, _ value: JSON) throws(Failure) {
        do {
            let sealed = CacheSeal(key: self.key).close(value.canonical, as: key)
            try file.connection.run("INSERT OR REPLACE INTO cache VALUES (?, ?)", .text(key), .text(sealed))
        } catch {
            throw LedgerFailure.from(error, path: path)
        }
    }

    /// What may be shown instead of a value that might be secret: the same value has the same fingerprint in this ledger,
    /// and without the ledger's key nobody can try values out against it.
    ///
    /// A ledger without a file has a key for this process only, and a fingerprint that nobody can compare says nothing.
    public nonisolated func fingerprint(_ value: String) -> String {
        if path == ":memory:" { return "(hidden)" }
        return "hmac:" + Hex.encode(SHA256.authenticate(value.utf8, key: key).prefix(6))
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
