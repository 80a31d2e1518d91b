import JSON
import SQLite

extension Ledger {
    /// How far back durations are looked for: entries of the environment, and among them those of one resource.
    private static let reach: Int64 = 2_000
    private static let most: Int64 = 60

    /// How long the latest successful steps of a resource took, newest first, as the runs measured them that both began and
    /// ended them. For the pace of waiting only.
    ///
    /// The reading is bounded however long the ledger is.
    ///
    /// - Throws: ``Failure`` with one of the `ledger-…` codes.
    public func durations(
        of resource: ResourceID, _ action: Action, environment: String, limit: Int = 10
    ) async throws(Failure) -> [Duration] {
        try await gate?.pass(.reading)
        let payloads: [String]
        do {
            payloads = try file.connection.query(
                """
                SELECT entry.payload FROM (
                    SELECT sequence, resource, kind FROM entry WHERE environment = ? ORDER BY sequence DESC LIMIT ?
                ) AS recent JOIN entry ON entry.sequence = recent.sequence
                WHERE recent.resource = ? AND recent.kind = 'outcome' ORDER BY entry.sequence DESC LIMIT ?
                """,
                .text(environment), .integer(Self.reach), .text(resource.description), .integer(Self.most)
            ) { $0.text(0) }
        } catch {
            throw LedgerFailure.from(error, path: path)
        }
        return Array(payloads.compactMap { StepDuration.of($0, action) }.prefix(limit))
    }
}

/// What an outcome says of how long its step took.
enum StepDuration {
    /// nil for what did not succeed, for another action, and where no run saw both ends. What does not parse tells no
    /// duration either: the chain, not the pace, complains about damage.
    static func of(_ payload: String, _ action: Action) -> Duration? {
        let json: JSON
        do { json = try JSON.parse(payload) } catch { return nil }
        guard let outcome = OutcomeRecord(json), outcome.result == .succeeded, outcome.action == action
        else { return nil }
        return outcome.milliseconds.map { .milliseconds($0) }
    }
}
