import Base
import Ledger
import Reconciler

/// Where the program of an intent is found.
public enum ProcessFolder {
    /// The folder of all programs next to a ledger.
    static func root(beside ledger: String) -> String {
        (ledger.lastIndex(of: "/").map { String(ledger[...$0]) } ?? "") + "processes"
    }

    /// The name follows from the intent alone: whoever has the intent finds the folder.
    static func path(of intent: Intent, beside ledger: String) -> String {
        "\(root(beside: ledger))/\(intent.sequence)-\(intent.token.prefix(8))"
    }

    /// Removes the folders of programs whose intents have their outcomes in this ledger.
    ///
    /// Other ledgers in the same folder still need the folders of their own programs.
    public static func tidy(_ host: any ProcessHost, in context: Context) async throws(Failure) {
        for name in host.folders(in: root(beside: context.ledger.path)) {
            let parts = name.split(separator: "-", maxSplits: 1)
            guard parts.count == 2, let sequence = Int64(parts[0]) else { continue }
            let hasEnded = try await context.ledger.isSettled(sequence, token: String(parts[1]))
            if hasEnded { host.remove("\(root(beside: context.ledger.path))/\(name)") }
        }
    }
}
