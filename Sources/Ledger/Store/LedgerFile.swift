import Base
import Glibc
import Hashing
import JSON
import SQLite
import Time

/// The file under a ledger: made with mode 0600, settings set and read back, its kind and format checked.
struct LedgerFile {
    let path: String
    private let store: LedgerLocation
    /// Whether nothing can be written to it: this user may only read the file or its folder.
    let isReadOnly: Bool
    let connection: Connection
    let lineage: String
    /// The key of fingerprints.
    let key: [UInt8]
    /// How it is laid out, see ``LedgerSchema``.
    let format: Int64
    /// Where its first entry follows: the chain's beginning, but for the copy of a shared ledger that begins at a checkpoint.
    let base: LogPlace
    /// Whether it is this machine's copy of a shared ledger, which may be removed and must not go on by itself.
    let isCopy: Bool

    /// Opens a ledger, and makes it where there is none.
    ///
    /// - Parameters:
    ///   - entropy: random bytes for a new ledger's lineage and key.
    /// - Throws: ``Failure`` with one of the `ledger-…` codes.
    init(_ store: LedgerLocation, entropy: (Int) -> [UInt8]) throws(Failure) {
        if case .file(let path) = store { try LedgerSite.prepare(path) }
        try self.init(store) { (Hex.encode(entropy(16)), entropy(32)) }
        // Only now is it known to be ours to change. SQLite has made its side files with the mode that it had before.
        if case .file(let path) = store { for end in LedgerSite.sideFiles { chmod(path + end, 0o600) } }
    }

    /// Opens a ledger that is there, and makes nothing. One that may only be read is read.
    ///
    /// - Parameter patience: how long, in milliseconds, another's lock is waited for.
    init(existing path: String, patience: Int32 = Self.patience) throws(Failure) {
        let isReadOnly = LedgerSite.mayOnlyBeRead(path)
        try LedgerSite.require(path, isReadOnly: isReadOnly)
        try self.init(.file(path), patience: patience, isReadOnly: isReadOnly) { () throws(Failure) in
            throw LedgerFailure.missing(path)
        }
    }

    /// Opens a ledger that is there, and keeps everybody else from opening it for as long as it is held.
    ///
    /// - Throws: ``Failure`` with code `ledger-busy` where another has it open.
    ///
    /// - Parameter patience: how long, in milliseconds, others are waited for.
    init(alone path: String, patience: Int32 = 0) throws(Failure) {
        try LedgerSite.require(path)
        do {
            try self.init(.file(path), patience: patience, isAlone: true) { () throws(Failure) in
                throw LedgerFailure.missing(path)
            }
        } catch {
            throw error.code == .ledgerBusy ? LedgerFailure.inUse(path) : error
        }
    }

    /// Makes a ledger of the lineage and with the key of another one.
    init(successor path: String, of other: LedgerFile) throws(Failure) {
        try LedgerSite.prepare(path)
        try self.init(.file(path), isAlone: true) { (other.lineage, other.key) }
    }

    /// Makes, or opens, this machine's copy of a shared ledger.
    ///
    /// - Parameter base: where the first entry of a new one follows; nil for the ledger's beginning.
    init(copy path: String, lineage: String, key: [UInt8], base: LogPlace?) throws(Failure) {
        try LedgerSite.prepare(path)
        let base = base ?? LogPlace(head: Self.genesis(lineage, key), count: 0)
        try self.init(.file(path), base: base) { (lineage, key) }
    }

    /// Makes, or opens, a ledger of the lineage and with the key of another one.
    init(path: String, like other: LedgerFile) throws(Failure) {
        try LedgerSite.prepare(path)
        try self.init(.file(path)) { (other.lineage, other.key) }
    }

    static let patience: Int32 = 5_000

    /// - Parameters:
    ///   - base: of a copy: where the first entry of one that has no tables yet follows.
    ///   - identity: the lineage and the key of a ledger that has no tables yet.
    private init(
        _ store: LedgerLocation, patience: Int32 = Self.patience, isAlone: Bool = false, isReadOnly: Bool = false,
        base: LogPlace? = nil, identity: () throws -> (lineage: String, key: [UInt8])
    ) throws(Failure) {
        do {
            let access: Connection.Access =
                if !isReadOnly { .create } else { LedgerSite.size(store.path + "-wal") > 0 ? .read : .readUnlocked }
            let connection = try Connection(path: store.name, access, busyTimeout: patience)
            // Before the first reading: SQLite then locks the file itself, and not only its log.
            if isAlone { try connection.script("PRAGMA locking_mode = EXCLUSIVE") }
            try self.init(connection, store, isReadOnly: isReadOnly, base: base, identity: identity)
        } catch {
            let failure = Self.failure(error, store.path)
            guard isReadOnly, failure.code == .ledgerUnreadable else { throw failure }
            throw LedgerFailure.unreadableLog(store.path, failure)
        }
    }

    /// - Parameter connection: new, and not used yet.
    init(
        _ connection: Connection, _ store: LedgerLocation, isReadOnly: Bool = false, base: LogPlace? = nil,
        identity: () throws -> (lineage: String, key: [UInt8])
    ) throws(Failure) {
        let path = store.path
        self.path = path
        self.store = store
        self.isReadOnly = isReadOnly
        self.connection = connection
        do {
            let (application, tables) = try connection.snapshot {
                (
                    try Self.pragma("application_id", connection),
                    try connection.query("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }.first ?? 0
                )
            }
            // Who waited for a rebuild has the old file, and the new one's log. From here on no rebuild begins.
            if connection.hasMoved { throw LedgerFailure.moved(path) }
            guard application == (tables == 0 ? 0 : LedgerSchema.applicationID) else {
                let own = try connection.query(LedgerSchema.ownTables) { $0.integer(0) }.first
                throw application == LedgerSchema.applicationID
                    ? LedgerFailure.damaged(path, cause: ["its tables are missing"])
                    : own == 3
                        ? LedgerFailure.damaged(path, cause: ["its header is damaged"]) : LedgerFailure.foreign(path)
            }
            if !isReadOnly { try Self.setDurability(connection, store) }
            try connection.script("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF")
            if tables == 0 { try Self.create(connection, base: base, identity: identity) }
            let meta = try connection.query("SELECT lineage, format, key FROM meta") {
                (lineage: $0.text(0), format: $0.integer(1), key: $0.blob(2))
            }
            guard let meta = meta.first, meta.format > 0 else {
                throw LedgerFailure.damaged(path, cause: ["its meta row is missing"])
            }
            guard meta.format <= LedgerSchema.format else { throw LedgerFailure.newer(path, format: meta.format) }
            (lineage, key, format) = (meta.lineage, meta.key, meta.format)
            let base = try Self.base(connection)
            isCopy = base != nil
            self.base = base ?? LogPlace(head: Self.genesis(lineage, key), count: 0)
        } catch {
            throw connection.hasMoved ? LedgerFailure.moved(path) : Self.failure(error, path)
        }
    }

    /// Has SQLite look at each of its pages, and compare its index with its table: the chain vouches for what entries say,
    /// and not for what a page leads to.
    func checkPages() throws(Failure) {
        do {
            let complaints = try connection.query("PRAGMA integrity_check(5)") { $0.text(0) }
            guard complaints == ["ok"] else {
                throw LedgerFailure.damaged(
                    path, cause: complaints.flatMap { $0.split(separator: "\n").map(String.init) })
            }
        } catch {
            throw Self.failure(error, path)
        }
    }

    /// Whether the file is of a kind of which a checkpoint can tell the rest: as long as its header says, with the tables of a
    /// new ledger at their places, and without pages of no use. What would be written to other places is not seen by reading
    /// entries.
    func isPlain() throws(SQLiteError) -> Bool {
        guard try Self.pragma("freelist_count", connection) == 0,
            try layout() == (isCopy ? LedgerSchema.layoutOfCopies : LedgerSchema.layout)
        else {
            return false
        }
        if store == .memory { return true }
        let length = try Self.pragma("page_count", connection) * Self.pragma("page_size", connection)
        let (size, log) = (Int64(LedgerSite.size(path)), LedgerSite.size(path + "-wal"))
        // Pages that are new stand in the log first.
        return log == 0 ? size == length : size <= length
    }

    /// What the file says of its tables: where each one begins, and how it is read.
    func layout() throws(SQLiteError) -> String {
        let tables = try connection.query("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema") { row in
            (Int32(0)..<5).map { row.text($0) }.joined(separator: " ")
        }
        let vacuum = try Self.pragma("auto_vacuum", connection)
        return SHA256.hex(tables.joined(separator: "\n") + "\n\(vacuum)")
    }

    /// Checks that the chain ends where its last entry was, by a number that is written with each entry and elsewhere.
    ///
    /// - Throws: ``Failure`` with code `ledger-damaged` where it ends earlier or later.
    func checkLast(_ count: Int64) throws {
        let last = try last()
        if last == count { return }
        let cause =
            switch last {
            case nil: "the last-entry marker is missing"
            case let last? where last > count: "entry \(count + 1): it is missing"
            case let last?: "entry \(last + 1): it comes after the last one"
            }
        throw LedgerFailure.damaged(path, cause: [cause])
    }

    /// The number of the last entry, by that mark; nil where it is missing.
    func last() throws(SQLiteError) -> Int64? {
        try connection.query("SELECT sequence FROM last_entry") { $0.integer(0) }.first
    }

    /// Runs `body` in a transaction that takes the write lock at its start. All that is written is written in one.
    ///
    /// - Throws: ``Failure`` with code `ledger-moved` where the file is not at its path any more, before anything is done.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try connection.transaction {
            // With the lock in hand: who held it before may have been the one who moved the file.
            if connection.hasMoved { throw LedgerFailure.moved(path) }
            return try body()
        }
    }

    /// Brings all that is in the log into the file, which then holds everything.
    func takeInLog() throws(Failure) {
        do {
            let isBusy = try connection.query("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) }
            guard isBusy == [0] else { throw LedgerFailure.inUse(path) }
        } catch {
            throw Self.failure(error, path)
        }
    }

    /// Changes whenever another connection has committed.
    func dataVersion() throws(SQLiteError) -> Int64 { try Self.pragma("data_version", connection) }

    /// Where the chain begins: a digest of the meta row as format 1 made it, so that entries keep their digests.
    static func genesis(_ lineage: String, _ key: [UInt8]) -> [UInt8] {
        SHA256.hash(Array("\(lineage)\n1\n".utf8) + key)
    }

    static func failure(_ error: any Error, _ path: String) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let illegal as IllegalStep:
            LedgerFailure.damaged(path, cause: ["entry \(illegal.sequence): \(illegal.reason)"])
        case let error as SQLiteError: LedgerFailure.from(error, path: path)
        default:
            Failure(.ledgerUnreadable, "the ledger \(path) cannot be used", hint: "see the cause", cause: ["\(error)"])
        }
    }

    /// Every commit is on the disk when it returns, power cut or not: WAL with synchronous=FULL. What is set is read back,
    /// because a library in between may set it otherwise.
    private static func setDurability(_ connection: Connection, _ store: LedgerLocation) throws {
        // Another process may just be making the same ledger.
        let mode = try connection.patiently { () throws(SQLiteError) in
            try connection.query("PRAGMA journal_mode = WAL") { $0.text(0) }.first ?? ""
        }
        try connection.script("PRAGMA synchronous = FULL")
        let synchronous = try pragma("synchronous", connection)
        guard (mode == "wal" || store == .memory) && synchronous == 2 else {
            throw Failure(
                .ledgerUnreadable, "the ledger \(store.path) does not take the settings that make it durable",
                hint: "put it on a local file system, with --ledger",
                cause: ["journal_mode is \(mode), synchronous is \(synchronous); wal and 2 are needed"])
        }
    }

    private static func create(
        _ connection: Connection, base: LogPlace?, identity: () throws -> (lineage: String, key: [UInt8])
    ) throws {
        try connection.transaction {
            // Another process may have made it between the look and the lock.
            let tables = try connection.query("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }.first
            guard tables == 0 else { return }
            let (lineage, key) = try identity()
            try connection.script(LedgerSchema.tables)
            try connection.script("PRAGMA application_id = \(LedgerSchema.applicationID)")
            try connection.run(
                "INSERT INTO meta (only, lineage, format, key) VALUES (1, ?, ?, ?)",
                .text(lineage), .integer(LedgerSchema.format), .blob(key))
            guard let base else { return }
            try connection.script(LedgerSchema.base)
            try connection.run("INSERT INTO base VALUES (?, ?, 0)", .integer(base.count), .blob(base.head))
            try connection.run("UPDATE last_entry SET sequence = ?", .integer(base.count))
        }
    }

    private static func base(_ connection: Connection) throws(SQLiteError) -> LogPlace? {
        let isThere = try connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'base'") { _ in true }
        if isThere.isEmpty { return nil }
        return try connection.query("SELECT sequence, digest FROM base") {
            LogPlace(head: $0.blob(1), count: $0.integer(0))
        }.first
    }

    private static func pragma(_ name: String, _ connection: Connection) throws(SQLiteError) -> Int64 {
        try connection.query("PRAGMA \(name)") { $0.integer(0) }.first ?? 0
    }
}
