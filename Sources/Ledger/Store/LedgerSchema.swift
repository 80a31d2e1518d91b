/// The tables of a ledger, format 2.
///
/// `entry` is the truth, and `meta` says whose. `last_entry` says how many entries there are, on a page of its own: a chain
/// does not show that its end is missing. `page` holds the facts of each subject as of the newest checkpoint, in the row of the
/// largest size; the checkpoint has their digests.
///
/// Nothing shrinks, so that no page is without use: SQLite would write to such pages without asking whether they are.
///
/// Format 1 had no checkpoints among its entries, and derived tables next to them (``LedgerUpgrade``).
enum LedgerSchema {
    /// "reco", in the file's header: tells a ledger from any other SQLite database.
    static let applicationID: Int64 = 0x7265_636f
    static let format: Int64 = 2

    /// What ``LedgerFile/layout()`` says of a new ledger.
    static let layout = "d5e714dd08440506085fcfcbc2ab7d71c308888017fd84e753b6e2a3e97148c7"
    /// The same of a new copy of a shared ledger.
    static let layoutOfCopies = "8503b798162a71e1c04d7d1be345cf227523aa741dcbca457b314b87dea4a239"

    static let tables = """
        CREATE TABLE meta (
            only INTEGER PRIMARY KEY CHECK (only = 1), lineage TEXT NOT NULL, format INTEGER NOT NULL, key BLOB NOT NULL
        ) STRICT;
        CREATE TABLE entry (
            sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, time INTEGER NOT NULL, aws_time INTEGER,
            environment TEXT NOT NULL, resource TEXT, kind TEXT NOT NULL, token TEXT NOT NULL, payload TEXT NOT NULL,
            digest BLOB NOT NULL
        ) STRICT;
        CREATE INDEX checkpoint ON entry (sequence) WHERE kind = 'checkpoint';
        CREATE TABLE page (
            number INTEGER PRIMARY KEY, subject TEXT NOT NULL, size INTEGER NOT NULL, facts TEXT NOT NULL,
            UNIQUE (subject, size)
        ) STRICT;
        CREATE TABLE last_entry (only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL) STRICT;
        INSERT INTO last_entry VALUES (1, 0);
        """

    /// Counts three in a ledger, whatever its header says.
    static let ownTables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'entry', 'last_entry')"

    /// Of the copy of a shared ledger: the number and digest of the entry before its first one, and what names the object with
    /// its last one.
    static let base =
        "CREATE TABLE base (sequence INTEGER NOT NULL, digest BLOB NOT NULL, object INTEGER NOT NULL) STRICT"
}
