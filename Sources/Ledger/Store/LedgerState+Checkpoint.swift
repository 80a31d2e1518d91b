import JSON
import Time

/// What a checkpoint entry says: all that follows from the entries before it, the facts of each subject by the digest of
/// their page.
extension LedgerState {
    var checkpoint: JSON {
        [
            "epoch": .integer(Int(epoch)), "facts": facts.digests,
            "newest": .array(newest.sorted { $0.key.precedes($1.key) }.map { $0.value.json(of: $0.key) }),
            "open": .array(open.sorted { $0.key < $1.key }.map(\.value.json)),
        ]
    }

    /// - Parameter checkpoint: nil for what this release cannot read.
    init?(_ checkpoint: LogEntry) {
        guard let json = checkpoint.json, let epoch = json["epoch"]?.integer, let facts = json["facts"],
            let book = FactBook(digests: facts)
        else { return nil }
        self.epoch = Int64(epoch)
        self.facts = book
        for row in json["newest"]?.elements ?? [] {
            guard let environment = row["environment"]?.string, let run = Newest(row) else { return nil }
            newest[environment] = run
        }
        for row in json["open"]?.elements ?? [] {
            guard let intent = Open(row) else { return nil }
            open[intent.entry.sequence] = intent
        }
        // Its own epoch is that of the run that made it, which these entries hold, too.
        do { try take(checkpoint) } catch { return nil }
    }
}

extension LedgerState.Newest {
    fileprivate func json(of environment: String) -> JSON {
        .object(dropping: [
            "environment": .string(environment), "epoch": .integer(Int(epoch)), "began": .integer(Int(began)),
            "ended": ended.map { .integer(Int($0)) },
        ])
    }

    fileprivate init?(_ json: JSON) {
        guard let epoch = json["epoch"]?.integer, let began = json["began"]?.integer else { return nil }
        self.init(epoch: Int64(epoch), began: Int64(began), ended: json["ended"]?.integer.map(Int64.init))
    }
}

extension LedgerState.Open {
    fileprivate var json: JSON {
        .object(dropping: [
            "sequence": .integer(Int(entry.sequence)), "epoch": .integer(Int(entry.epoch)),
            "time": .integer(Int(entry.time.seconds)), "awsTime": (entry.awsTime?.seconds).map { .integer(Int($0)) },
            "environment": .string(entry.environment), "resource": entry.resource.map(JSON.string),
            "token": .string(entry.token), "payload": .string(entry.payload),
            "acceptance": acceptance.map(JSON.string),
            "knownSince": (knownSince?.seconds).map { .integer(Int($0)) },
        ])
    }

    fileprivate init?(_ json: JSON) {
        guard let sequence = json["sequence"]?.integer, let epoch = json["epoch"]?.integer,
            let time = json["time"]?.integer, let environment = json["environment"]?.string,
            let token = json["token"]?.string, let payload = json["payload"]?.string
        else { return nil }
        func timestamp(_ key: String) -> Timestamp? { json[key]?.integer.map { Timestamp(seconds: Int64($0)) } }
        entry = LogEntry(
            sequence: Int64(sequence), epoch: Int64(epoch), time: Timestamp(seconds: Int64(time)),
            awsTime: timestamp("awsTime"), environment: environment, resource: json["resource"]?.string, kind: .intent,
            token: token, payload: payload)
        acceptance = json["acceptance"]?.string
        knownSince = timestamp("knownSince")
    }
}
