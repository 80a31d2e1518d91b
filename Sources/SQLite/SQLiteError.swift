import CSQLite

/// What SQLite said when a call failed: its extended result code and its own message.
public struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The extended result code, such as 2067 (SQLITE_CONSTRAINT_UNIQUE).
    public let code: Int32
    public let message: String

    /// The system's reason (an `errno`) if a file could not be opened, read or written; else 0.
    public let systemCode: Int32

    public init(code: Int32, message: String, systemCode: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemCode = systemCode
    }

    /// What a connection says of its last call.
    init(_ code: Int32, of handle: OpaquePointer) {
        let isOfSystem = [SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN].contains(code & 0xff)
        self.init(
            code: code, message: String(cString: sqlite3_errmsg(handle)),
            systemCode: isOfSystem ? sqlite3_system_errno(handle) : 0)
    }

    /// The primary result code: the low byte of the extended one.
    public var primaryCode: Int32 { code & 0xff }

    public var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    public var isFull: Bool { primaryCode == SQLITE_FULL }
    /// A write that the system did not carry out whole.
    public var isWrite: Bool { code == SQLITE_IOERR | 3 << 8 }
    public var isReadOnly: Bool { primaryCode == SQLITE_READONLY || primaryCode == SQLITE_PERM }
    /// The file is no SQLite database, or its pages contradict each other.
    public var isDamaged: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    /// The file does not begin as a database does.
    public var isNoDatabase: Bool { primaryCode == SQLITE_NOTADB }

    public var description: String { "SQLite error \(code): \(message)" }
}
