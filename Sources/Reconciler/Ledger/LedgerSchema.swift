import SQLite

/// The tables of a ledger, format 1.
///
/// `meta` and `entry` are the truth. `fact` and `open_intent` are views: derived from entries, rebuilt at will. `cache`
/// holds facts of AWS that never change; it may be emptied at any time.
enum LedgerSchema {
    /// "reco", in the file's header: tells a ledger from any other SQLite database.
    static let applicationID: Int64 = 0x7265_636f
    static let format: Int64 = 1

    static let tables = """
        CREATE TABLE meta (
            only INTEGER PRIMARY KEY CHECK (only = 1), lineage TEXT NOT NULL, format INTEGER NOT NULL, key BLOB NOT NULL
        ) STRICT;
        CREATE TABLE entry (
            sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, time INTEGER NOT NULL, aws_time INTEGER,
            environment TEXT NOT NULL, resource TEXT, kind TEXT NOT NULL, token TEXT NOT NULL, payload TEXT NOT NULL,
            digest BLOB NOT NULL
        ) STRICT;
        CREATE INDEX entry_by_environment ON entry (environment, sequence);
        CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """

    /// - Parameter place: the schema of SQLite in which they are made, `main` or `temp`.
    static func views(in place: String) -> String {
        """
        CREATE TABLE IF NOT EXISTS \(place).fact (
            subject TEXT NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (subject, name, sequence, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS \(place).open_intent (
            sequence INTEGER PRIMARY KEY, environment TEXT NOT NULL, resource TEXT NOT NULL, acceptance TEXT
        ) STRICT;
        """
    }
}
