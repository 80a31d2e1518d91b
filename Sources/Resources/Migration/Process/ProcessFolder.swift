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

    /// Removes the folders of an environment's programs whose intents have their outcomes.
    public static func tidy(_ host: any ProcessHost, in context: Context) async throws(Failure) {
        // Listed before the intents are read: an intent is recorded before its folder is made.
        let folders = host.folders(in: root(beside: context.ledger.path)).filter { $0.owner == context.environment }
        if folders.isEmpty { return }
        let open = try await context.ledger.openIntents(environment: context.environment).map {
            path(of: $0, beside: context.ledger.path)
        }
        for folder in folders where !open.contains(folder.path) { host.remove(folder.path) }
    }
}
