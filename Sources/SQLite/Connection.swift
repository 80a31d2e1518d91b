import CSQLite

/// One connection to one database file. Not thread-safe and not Sendable: whoever owns it serialises its use.
public final class Connection {
    private let handle: OpaquePointer
    private let busyTimeout: Int32
    private var prepared: [String: Statement] = [:]

    /// Opens the database at `path`.
    ///
    /// - Parameters:
    ///   - path: a file's path, or `:memory:`.
    ///   - create: whether a missing file is made.
    ///   - busyTimeout: how long, in milliseconds, a statement waits for another connection's lock.
    /// - Throws: ``SQLiteError`` as SQLite reported it.
    public init(path: String, create: Bool, busyTimeout: Int32 = 5_000) throws(SQLiteError) {
        var opened: OpaquePointer?
        let flags =
            SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_EXRESCODE
            // Its owner serialises its use already.
            | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLiteError(code: code, message: message)
        }
        handle = opened
        self.busyTimeout = busyTimeout
        sqlite3_busy_timeout(handle, busyTimeout)
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

    /// Runs `body` on the database as it is at its first look, whatever others commit meanwhile; keeps nobody from writing.
    public func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        try within("BEGIN DEFERRED", body)
    }

    /// Whether another file, or none, is at the path at which this one was opened: who holds a file that was moved away
    /// writes where nobody looks.
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
            throw SQLiteError(code: code, message: String(cString: sqlite3_errmsg(handle)))
        }
    }
}
