import ArgumentParser
import Reconciler

/// Ends a command on a ledger with its failure, shown.
enum LedgerFailures {
    static func told(_ body: () throws(Failure) -> Void) throws {
        do { try body() } catch { throw end(error) }
    }

    static func end(_ failure: Failure) -> ArgumentParser.ExitCode {
        FailureOutput.show(failure)
        return ArgumentParser.ExitCode(failure.exit.rawValue)
    }
}
