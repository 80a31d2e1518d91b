import Hashing
import Reconciler

/// The RunTask token of a command: of the ledger and the entry that asks for it, and so the same for each repeat of the call,
/// and a new one for each new command.
enum CommandToken {
    static func of(_ intent: Intent, in context: Context) -> String {
        SHA256.hex("command\n\(context.ledger.lineage)\n\(intent.sequence)")
    }
}
