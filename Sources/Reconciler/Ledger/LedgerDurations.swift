import JSON
import SQLite

extension Ledger {
    /// How far back durations are looked for: entries of the environment, and among them those of one resource.
    private static let reach: Int64 = 2_000
    private static let most: Int64 = 60

    /// How long the latest successful steps of a resource took, newest first: from the intent to the outcome by the
    /// machine's clock, in whole seconds. For the pace of waiting only.
    ///
    /// A step that one run began and another one ended says nothing about itself, and is left out, like one during which
    /// the clock was set back. The reading is bounded however long the ledger is.
    ///
    /// - Throws: ``Failure`` with one of the `ledger-…` codes.
    public func durations(
        of resource: ResourceID, _ action: Action, environment: String, limit: Int = 10
    ) async throws(Failure) -> [Duration] {
        try await gate?.pass(.reading)
        let rows: [StepSpans.Row]
        do {
            rows = try file.connection.query(
                """
                SELECT entry.sequence, entry.epoch, entry.time, entry.kind, entry.payload FROM (
                    SELECT sequence, resource, kind FROM entry WHERE environment = ? ORDER BY sequence DESC LIMIT ?
                ) AS recent JOIN entry ON entry.sequence = recent.sequence
                WHERE recent.resource = ? AND recent.kind IN ('intent', 'outcome')
                ORDER BY entry.sequence DESC LIMIT ?
                """,
                .text(environment), .integer(Self.reach), .text(resource.description), .integer(Self.most)
            ) {
                StepSpans.Row(
                    sequence: $0.integer(0), epoch: $0.integer(1), time: $0.integer(2),
                    isOutcome: $0.text(3) == Entry.Kind.outcome.rawValue, payload: $0.text(4))
            }
        } catch {
            throw LedgerFailure.from(error, path: path)
        }
        return Array(StepSpans.successful(action, in: rows).prefix(limit))
    }
}

/// Pairs outcomes with their intents.
enum StepSpans {
    struct Row {
        let sequence: Int64
        let epoch: Int64
        let time: Int64
        let isOutcome: Bool
        let payload: String
    }

    /// - Parameter rows: newest first, so that each outcome is met before its intent.
    static func successful(_ action: Action, in rows: [Row]) -> [Duration] {
        var ends: [Int64: Row] = [:]
        var spans: [Duration] = []
        for row in rows {
            if row.isOutcome {
                let payload = json(row.payload)
                guard payload["result"]?.string == "succeeded", payload["action"]?.string == action.rawValue,
                    let intent = payload["intent"]?.integer
                else { continue }
                ends[Int64(intent)] = row
            } else if let end = ends.removeValue(forKey: row.sequence), end.epoch == row.epoch, end.time >= row.time {
                spans.append(.seconds(end.time - row.time))
            }
        }
        return spans
    }

    /// What does not parse tells no duration; the chain, not the pace, complains about damage.
    private static func json(_ text: String) -> JSON {
        do { return try JSON.parse(text) } catch { return [:] }
    }
}
