/// Which file holds a ledger, if any.
public enum LedgerLocation: Sendable, Hashable {
    case file(String)
    /// In memory: it ends with the process. Read-only commands use it while there is no ledger file.
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
