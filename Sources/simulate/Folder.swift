import FoundationEssentials

/// Where the ledgers of plays are made.
enum Folder {
    /// In memory: a commit costs what it costs, and no disk waits.
    static let usual = "/dev/shm"

    /// One of this process alone.
    static func own(below folder: String) -> String {
        "\(folder)/reconcile-simulation-\(ProcessInfo.processInfo.processIdentifier)"
    }
}
