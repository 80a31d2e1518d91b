import CSQLite

/// A prepared statement at its current row. Columns are counted from 0.
public final class Statement {
    private let statement: OpaquePointer
    private let handle: OpaquePointer

    init(_ statement: OpaquePointer, of handle: OpaquePointer) {
        self.statement = statement
        self.handle = handle
    }

    deinit { sqlite3_finalize(statement) }

    public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    public func text(_ column: Int32) -> String {
        // The bytes are taken by length: a text may hold a NUL.
        guard let bytes = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    public func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, column))
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// The bytes of a text or a blob, without a copy of them: good until the statement moves on.
    public func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let isBlob = sqlite3_column_type(statement, column) == SQLITE_BLOB
        let start =
            isBlob ? sqlite3_column_blob(statement, column) : UnsafeRawPointer(sqlite3_column_text(statement, column))
        return body(
            UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
        )
    }

    public func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    public func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    func bind(_ values: [Value]) throws(SQLiteError) {
        for (offset, value) in values.enumerated() {
            let index = Int32(offset + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, index)
                case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
                case .text(let text): csqlite_bind_text(statement, index, text, Int32(text.utf8.count))
                case .blob(let bytes): csqlite_bind_blob(statement, index, bytes, Int32(bytes.count))
                }
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    /// Moves to the next row; false at the end.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    func reset() {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    private func failure(_ code: Int32) -> SQLiteError {
        SQLiteError(code, of: handle)
    }
}
