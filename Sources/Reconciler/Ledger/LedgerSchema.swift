import SQLite

/// The tables of a ledger, format 1.
///
/// `meta` and `entry` are the truth. `last_entry` says how many entries there are, on a page of its own: a chain does not
/// show that its end is missing. `fact` is a view: derived from entries, rebuilt at will. `seal` and `fact_node` vouch for
/// what need not be read again at an opening. `cache` holds facts of AWS that never change; it may be emptied at any time.
///
/// Nothing shrinks, so that no page is without use: SQLite would write to such pages without asking whether they are. For
/// the same reason long values stand in tables by number: in one by key they free pages whenever it is balanced.
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
        CREATE TABLE last_entry (only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL) STRICT;
        INSERT INTO last_entry VALUES (1, 0);
        CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        """

    static let views = """
        CREATE TABLE IF NOT EXISTS fact (
            subject TEXT NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (subject, name, sequence, position)
        ) STRICT, WITHOUT ROWID;
        """

    /// Made when a ledger is first long enough for it. The seal is the row of the largest size; each row has always the
    /// same size, and is written in place.
    static let seal = """
        CREATE TABLE IF NOT EXISTS seal (
            size INTEGER PRIMARY KEY, content BLOB NOT NULL, digest BLOB NOT NULL
        ) STRICT;
        CREATE TABLE IF NOT EXISTS fact_node (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
        """
}
