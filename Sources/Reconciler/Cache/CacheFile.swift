import Glibc
import Hashing
import JSON
import SQLite
import Synchronization

/// A cache in a file that this user's runs share. What cannot be read or written is as if it were not there.
public final class CacheFile: AWSCache {
    /// More than this many values are not kept: the oldest go first. One is about 1 kB.
    static let limit = 50_000

    /// An empty text: no place for it.
    private let path: String
    private let state = Mutex(State.closed)

    private enum State {
        case closed
        case open(Connection)
        /// It failed: this process goes on without.
        case unusable
    }

    /// Of each user, where the XDG Base Directory Specification has it: `$XDG_CACHE_HOME`, else `~/.cache`. Paths that are
    /// not absolute are ignored, as it asks.
    public convenience init(environment: [String: String]) {
        let folders = [environment["XDG_CACHE_HOME"], environment["HOME"].map { $0 + "/.cache" }]
        let folder = folders.compactMap(\.self).first { $0.hasPrefix("/") }
        self.init(path: folder.map { $0 + "/reconcile/aws.sqlite" } ?? "")
    }

    init(path: String) { self.path = path }

    public func kept(_ key: String) -> JSON? {
        let sealed = use { (connection) throws(SQLiteError) in
            try connection.query("SELECT value FROM kept WHERE key = ?", .text(key)) { $0.text(0) }.first
        }
        guard let sealed = sealed ?? nil, let text = Self.open(sealed, as: key) else { return nil }
        do { return try JSON.parse(text) } catch { return nil }
    }

    public func keep(_ value: JSON, as key: String) {
        let sealed = Self.seal(value.canonical, as: key)
        _ = use { (connection) throws(SQLiteError) in
            try connection.run(
                "INSERT INTO kept (key, value) VALUES (?, ?) "
                    + "ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
                .text(key), .text(sealed))
            try connection.run(
                "DELETE FROM kept WHERE number <= (SELECT max(number) FROM kept) - ?", .integer(Int64(Self.limit)))
        }
    }

    private func use<Result: Sendable>(
        _ body: @Sendable (Connection) throws(SQLiteError) -> Result
    ) -> Result? {
        state.withLock { state in
            do {
                if case .closed = state { state = try Self.opened(path).map(State.open) ?? .unusable }
                guard case .open(let connection) = state else { return nil }
                return try body(connection)
            } catch let error as SQLiteError where error.isBusy {
                return nil
            } catch {
                // What is damaged is made again by the next run.
                if (error as? SQLiteError)?.isDamaged == true { Self.remove(path) }
                state = .unusable
                return nil
            }
        }
    }

    // MARK: - The file

    private static func opened(_ path: String) throws(SQLiteError) -> Connection? {
        guard !path.isEmpty, prepare(path) else { return nil }
        let connection = try Connection(path: path, .create, busyTimeout: 100)
        // A power cut may take all of it.
        try connection.script("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")
        try connection.script(
            "CREATE TABLE IF NOT EXISTS kept (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT"
        )
        return connection
    }

    /// Makes the folders, and an empty file that no one else may read.
    private static func prepare(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for end in parts.indices.dropLast() where !parts[end].isEmpty {
            mkdir(parts[...end].joined(separator: "/"), 0o700)
        }
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        close(file)
        return true
    }

    private static func remove(_ path: String) {
        for end in ["", "-wal", "-shm"] { unlink(path + end) }
    }

    // MARK: - Values

    private static let sealLength = 32

    /// With a digest before it: what a disk has changed is to be forgotten, not believed.
    private static func seal(_ text: String, as key: String) -> String {
        SHA256.hex("\(key)\n\(text)").prefix(sealLength) + text
    }

    private static func open(_ sealed: String, as key: String) -> String? {
        let text = String(sealed.dropFirst(sealLength))
        return sealed == seal(text, as: key) ? text : nil
    }
}
