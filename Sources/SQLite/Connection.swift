import CSQLite

/// One connection to one database file. Not thread-safe and not Sendable: whoever owns it serialises its use.
public final class Connection {
    private let handle: OpaquePointer
    private let busyTimeout: Int32
    private var prepared: [String: Statement] = [:]

    /// How a database is opened.
    public enum Access: Sendable {
        /// To be written; made if it is not there.
        case create
        /// To be written, and there already.
        case write
        /// To be read only. SQLite still needs the index of its log, which it may have to make.
        case read
        /// To be read only, without any lock or log: nothing is made next to the file. Only while no one writes it.
        case readUnlocked
    }

    /// Opens the database at `path`.
    ///
    /// - Parameters:
    ///   - path: a file's path, or `:memory:`.
    ///   - busyTimeout: how long, in milliseconds, a statement waits for another connection's lock.
    /// - Throws: ``SQLiteError`` as SQLite reported it.
    public init(path: String, _ access: Access, busyTimeout: Int32 = 5_000) throws(SQLiteError) {
        var opened: OpaquePointer?
        let flags =
            switch access {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .write: SQLITE_OPEN_READWRITE
            case .read: SQLITE_OPEN_READONLY
            case .readUnlocked: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            }
        let name = if case .readUnlocked = access { Self.uri(path) + "?immutable=1" } else { path }
        // Its owner serialises its use already.
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let error = opened.map { SQLiteError(code, of: $0) } ?? SQLiteError(code: code, message: "out of memory")
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        self.busyTimeout = busyTimeout
        sqlite3_busy_timeout(handle, busyTimeout)
    }

    /// - Parameter create: whether a missing file is made.
    public convenience init(path: String, create: Bool, busyTimeout: Int32 = 5_000) throws(SQLiteError) {
        try self.init(path: path, create ? .create : .write, busyTimeout: busyTimeout)
    }

    /// (SQLite, "Uniform Resource Identifiers": `?`, `#` and `%` have to be written as `%HH`.)
    private static func uri(_ path: String) -> String {
        "file:"
            + path.map { character in
                switch character {
                case "?": "%3f"
                case "#": "%23"
                case "%": "%25"
                default: String(character)
                }
            }.joined()
    }

    deinit {
        prepared.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Runs a statement that returns no rows the caller wants.
    public func run(_ sql: String, _ values: Value...) throws(SQLiteError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Runs a query and maps each row, in order.
    public func query<Row>(
        _ sql: String, _ values: Value..., map: (borrowing Statement) -> Row
    ) throws(SQLiteError) -> [Row] {
        try query(sql, values: values, map: map)
    }

    /// Runs a query and maps each row, in order.
    public func query<Row>(
        _ sql: String, values: [Value], map: (borrowing Statement) -> Row
    ) throws(SQLiteError) -> [Row] {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        var rows: [Row] = []
        while try statement.step() { rows.append(map(statement)) }
        return rows
    }

    /// Runs a query and hands each row on as it comes, without holding the others.
    ///
    /// The row is good until `visit` returns; `visit` may run other statements, but not this one again.
    public func each(_ sql: String, _ values: Value..., visit: (Statement) throws -> Void) throws {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() { try visit(statement) }
    }

    /// Runs several statements of a script, such as a schema, that take no values.
    public func script(_ sql: String) throws(SQLiteError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// Runs `body` in one transaction that takes the write lock at its start; an error rolls all of it back.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try within("BEGIN IMMEDIATE", body)
    }

    /// Runs `body` on the database as it is at its first look, whatever others commit meanwhile; keeps no one from writing.
    public func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        try within("BEGIN DEFERRED", body)
    }

    /// Whether another file, or none, is at the path at which this one was opened: who holds a file that was moved away
    /// writes where no one looks.
    public var hasMoved: Bool {
        var moved: Int32 = 0
        // A database in memory has no file that could move, and leaves the answer as it is.
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        return moved != 0
    }

    /// Does again what fails because of another connection's lock, for as long as the busy timeout: for what SQLite does not
    /// wait with by itself, such as a change of the journal mode.
    public func patiently<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        let deadline = ContinuousClock.now + .milliseconds(busyTimeout)
        while true {
            do { return try body() } catch {
                guard error.isBusy, ContinuousClock.now < deadline else { throw error }
                sqlite3_sleep(5)
            }
        }
    }

    private func within<Result>(_ begin: String, _ body: () throws -> Result) throws -> Result {
        try run(begin)
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // A full disk may have rolled back already; the first error is the one to tell.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    private func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let known = prepared[sql] { return known }
        var made: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
        guard let made else { throw SQLiteError(code: SQLITE_MISUSE, message: "no statement in: \(sql)") }
        let statement = Statement(made, of: handle)
        prepared[sql] = statement
        return statement
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else {
            throw SQLiteError(code, of: handle)
        }
    }
}
