import Base
import JSON
import Reconciler

/// Where migrations run. It starts a program and finds out how that ended; what the end means is not its business.
protocol MigrationRunner: Sendable {
    /// What an intent says besides what it is about, so that a later run knows what began it and how long it may last.
    ///
    /// - Parameter image: the reference of the image that is wanted, where it is known.
    func announcement(image: String?) -> RunnerOrder

    /// Starts the program for an intent that is in the ledger, or finds the one that the intent has started already.
    ///
    /// - Returns: all that is needed to find the program again.
    func start(_ step: MigrationStep, in context: Context) async throws(Failure) -> ProgramReceipt

    /// What has become of an intent, as far as can be seen now.
    func look(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration

    /// Gives up a start that got no response and is not wanted any more: from here on its program is either found, or it will
    /// never start.
    ///
    /// - Returns: what the start has led to all the same; nil if it started nothing.
    func withdraw(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration?

    /// - Throws: ``Failure`` with code `nothing-open` where no program is known that could be stopped.
    func checkStop(of step: MigrationStep, in context: Context) async throws(Failure)

    /// Stops the program.
    ///
    /// - Returns: what was done, in a few words.
    func stop(_ step: MigrationStep, reason: String, in context: Context) async throws(Failure) -> String
}

/// What was seen of a migration.
enum ObservedMigration: Sendable, Equatable {
    case running(String)
    /// Its call was never answered: the same call again finds the program, or starts the one and only.
    case unanswered
    /// It has ended, and the end of its log, on which more depends, is awaited.
    case closing(MigrationEnd)
    case ended(MigrationEnd)
    /// Nothing is to be seen of it any more: why, and what is known.
    case gone(String, cause: [String])
}
