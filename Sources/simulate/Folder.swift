import FoundationEssentials
import Glibc

/// Where the ledgers of plays are made.
enum Folder {
    /// In memory: a commit costs what it costs, and no disk waits.
    static let usual = "/dev/shm"

    /// One of this process alone.
    static func own(below folder: String) -> String {
        "\(folder)/reconcile-simulation-\(ProcessInfo.processInfo.processIdentifier)"
    }
}

/// Writes a line at once: whoever waits wants to see how far it is.
func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    var start = 0
    while start < bytes.count {
        let written = bytes[start...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if written <= 0 { return }
        start += written
    }
}
