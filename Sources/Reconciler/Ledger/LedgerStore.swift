/// Where a ledger is kept.
public enum LedgerStore: Sendable, Hashable {
    case file(String)
    /// Ends with the process: for a look where there is no ledger yet.
    case memory

    /// For messages, and for what is kept next to the ledger: empty in memory, where nothing is.
    public var path: String {
        switch self {
        case .file(let path): path
        case .memory: ""
        }
    }

    /// What SQLite opens. A relative path begins with `./`: SQLite gives some names, such as `:memory:`, a meaning of its own.
    var name: String {
        switch self {
        case .file(let path): path.hasPrefix("/") ? path : "./" + path
        case .memory: ":memory:"
        }
    }
}
