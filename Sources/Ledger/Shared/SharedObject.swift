import Base
import Hashing
import JSON
import Time

/// What one append to a shared ledger writes: one object, named by the number of its first entry.
///
/// It repeats the entries since the newest checkpoint, so that whoever reads the last object and that checkpoint's has read
/// all that an opening needs.
struct SharedObject: Equatable {
    /// Of the ledger.
    let lineage: String
    /// Tells two objects of equal content apart: random for each append.
    let writer: String
    /// Where the first entry in it follows.
    let before: LogPlace
    /// Entries that earlier objects hold as well.
    let repeated: [LogEntry]
    let entries: [LogEntry]
    /// The facts of all subjects, where its first entry is a checkpoint.
    let pages: [FactPage]

    /// The number of the first entry in it.
    var first: Int64 { before.count + 1 }

    /// The number of its first own entry, which names it.
    var number: Int64 { entries[0].sequence }

    static let folder = "entries/"

    static func name(_ sequence: Int64) -> String {
        let digits = String(sequence)
        return folder + String(repeating: "0", count: 20 - digits.count) + digits
    }

    static func sequence(in name: String) -> Int64? {
        name.hasPrefix(folder) ? Int64(name.dropFirst(folder.count)) : nil
    }

    var body: [UInt8] {
        let json: JSON = [
            "format": .integer(Self.format), "lineage": .string(lineage), "writer": .string(writer),
            "before": [.integer(Int(before.count)), .string(Base64.encode(before.head))],
            "repeated": .array(repeated.map(\.row)), "entries": .array(entries.map(\.row)),
            "pages": .array(pages.map { [.string($0.subject), .string($0.text)] }),
        ]
        return Array(json.canonical.utf8)
    }

    private static let format = 1

    /// - Parameter body: nil for what is no such object.
    init?(_ body: [UInt8]) {
        let json: JSON
        do { json = try JSON.parse(body) } catch { return nil }
        guard json["format"]?.integer == Self.format, let lineage = json["lineage"]?.string,
            let writer = json["writer"]?.string, let before = json["before"]?.elements, before.count == 2,
            let count = before[0].integer, let head = before[1].string.flatMap(Base64.decode),
            let repeated = LogEntry.all(json["repeated"]), let entries = LogEntry.all(json["entries"]), !entries.isEmpty
        else { return nil }
        self.init(
            lineage: lineage, writer: writer, before: LogPlace(head: head, count: Int64(count)), repeated: repeated,
            entries: entries,
            pages: json["pages"]?.elements.compactMap { row in
                guard row.elements.count == 2, let subject = row.elements[0].string, let text = row.elements[1].string
                else { return nil }
                return FactPage(subject: subject, text: text)
            } ?? [])
    }

    init(
        lineage: String, writer: String, before: LogPlace, repeated: [LogEntry], entries: [LogEntry], pages: [FactPage]
    ) {
        self.lineage = lineage
        self.writer = writer
        self.before = before
        self.repeated = repeated
        self.entries = entries
        self.pages = pages
    }

    /// All its entries after a place, each checked by the chain.
    ///
    /// - Returns: nil where it does not reach back to there.
    /// - Throws: ``IllegalStep`` for the first one that does not follow.
    func entries(after place: LogPlace) throws(IllegalStep) -> [LogEntry]? {
        guard before.count <= place.count else { return nil }
        var end = before
        var digest = EntryDigest()
        var news: [LogEntry] = []
        for entry in repeated + entries {
            if end.count == place.count, end != place { break }
            guard entry.sequence == end.count + 1, digest.of(entry, after: end.head) == entry.digest else {
                throw IllegalStep(sequence: end.count + 1, reason: "it does not follow from its predecessor")
            }
            if entry.sequence > place.count { news.append(entry) }
            end = entry.place
        }
        guard end.count != place.count || end == place else {
            throw IllegalStep(sequence: place.count, reason: "it is another one than was read before")
        }
        return news
    }
}

extension LogEntry {
    fileprivate static func all(_ json: JSON?) -> [LogEntry]? {
        guard let rows = json?.array else { return nil }
        let entries = rows.compactMap(LogEntry.init(row:))
        return entries.count == rows.count ? entries : nil
    }

    fileprivate var row: JSON {
        [
            .integer(Int(sequence)), .integer(Int(epoch)), .integer(Int(time.seconds)),
            (awsTime?.seconds).map { .integer(Int($0)) } ?? .null, .string(environment),
            resource.map(JSON.string) ?? .null, .string(kind.rawValue), .string(token), .string(payload),
            .string(Base64.encode(digest)),
        ]
    }

    fileprivate init?(row: JSON) {
        let fields = row.elements
        guard fields.count == 10, let sequence = fields[0].integer, let epoch = fields[1].integer,
            let time = fields[2].integer, let environment = fields[4].string,
            let kind = fields[6].string.flatMap(Entry.Kind.init), let token = fields[7].string,
            let payload = fields[8].string, let digest = fields[9].string.flatMap(Base64.decode)
        else { return nil }
        self.init(
            sequence: Int64(sequence), epoch: Int64(epoch), time: Timestamp(seconds: Int64(time)),
            awsTime: fields[3].integer.map { Timestamp(seconds: Int64($0)) }, environment: environment,
            resource: fields[5].string, kind: kind, token: token, payload: payload, digest: digest)
    }
}
