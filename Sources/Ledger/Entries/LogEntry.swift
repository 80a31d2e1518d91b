import Base
import JSON
import Time

/// Up to where a log is known: its last entry's digest, and its number. All entries before are vouched for by it.
struct LogPlace: Equatable {
    var head: [UInt8]
    var count: Int64
}

/// An entry as it is stored: its payload is the text that its digest vouches for, and is parsed where it is needed.
struct LogEntry: Equatable {
    let sequence: Int64
    let epoch: Int64
    let time: Timestamp
    let awsTime: Timestamp?
    let environment: String
    let resource: String?
    let kind: Entry.Kind
    let token: String
    let payload: String
    var digest: [UInt8] = []

    /// nil where the payload does not parse.
    var json: JSON? {
        do { return try JSON.parse(payload) } catch { return nil }
    }

    /// nil where it is nothing that this format has, whatever its digest says.
    var entry: Entry? {
        guard let json else { return nil }
        let id = resource.flatMap(ResourceID.init)
        guard resource == nil || id != nil else { return nil }
        return Entry(
            sequence: sequence, epoch: epoch, time: time, awsTime: awsTime, environment: environment, resource: id,
            kind: kind, token: token, payload: json)
    }
}

extension LogEntry {
    /// An entry that is about to be appended, without its digest.
    init(_ entry: Entry) {
        self.init(
            sequence: entry.sequence, epoch: entry.epoch, time: entry.time, awsTime: entry.awsTime,
            environment: entry.environment, resource: entry.resource?.description, kind: entry.kind,
            token: entry.token, payload: entry.payload.canonical)
    }

    /// What it says, wherever in a chain that is.
    var bare: LogEntry {
        var bare = self
        bare.digest = []
        return bare
    }

    /// Where the log ends after it.
    var place: LogPlace { LogPlace(head: digest, count: sequence) }
}
