import JSON

/// One log stream. Of a stream that grows too long the oldest events are forgotten; events keep their number.
struct LogStreamRecord: Sendable, Equatable {
    struct Event: Sendable, Equatable {
        /// Milliseconds since 1970.
        let time: Int
        let message: String
    }

    let createdAt: Int
    private(set) var events: [Event] = []
    /// How many events were forgotten: the number of the first one that is left.
    private var forgotten = 0
    private var bytes = 0

    private static let mostEvents = 20_000
    private static let mostBytes = 4_194_304
    /// "The maximum ... is as many log events as can fit in a response size of 1 MB (up to 10,000 log events)" (GetLogEvents)
    private static let pageEvents = 10_000
    private static let pageBytes = 1_048_576
    /// CloudWatch Logs counts 26 bytes for an event next to its message (quota of PutLogEvents).
    private static let eventBytes = 26

    init(createdAt: Int) { self.createdAt = createdAt }

    mutating func append(_ lines: [String], at now: Int) {
        for line in lines {
            events.append(Event(time: now, message: line))
            bytes += line.utf8.count + Self.eventBytes
        }
        guard events.count > Self.mostEvents || bytes > Self.mostBytes else { return }
        // Half is forgotten at once: forgetting one for each new one would move the whole list every time.
        var dropped = 0
        while dropped < events.count, events.count - dropped > Self.mostEvents / 2 || bytes > Self.mostBytes / 2 {
            bytes -= events[dropped].message.utf8.count + Self.eventBytes
            dropped += 1
        }
        events.removeFirst(dropped)
        forgotten += dropped
    }

    /// A page of GetLogEvents. Going forward, the end is reached when the token that was passed comes back.
    func page(_ input: Input) throws(ECSFault) -> JSON {
        let limit = min(try input.integer("limit") ?? Self.pageEvents, Self.pageEvents)
        guard limit >= 1 else { throw ECSFault.parameter("limit must be at least 1.") }
        let start = try input.integer("startTime") ?? 0
        let end = try input.integer("endTime") ?? Int.max
        var first: Int
        var last: Int
        switch try Self.cursor(try input.string("nextToken")) {
        case .forward(let number):
            first = max(0, min(number - forgotten, events.count))
            last = extent(from: first, limit)
        case .backward(let number):
            last = max(0, min(number - forgotten, events.count))
            first = max(0, last - limit)
        case nil where try input.bool("startFromHead") ?? false:
            first = 0
            last = extent(from: 0, limit)
        case nil:
            last = events.count
            first = max(0, last - limit)
        }
        let shown = events[first..<last].filter { $0.time >= start && $0.time < end }
        return [
            "events": .array(
                shown.map {
                    [
                        "timestamp": .integer($0.time), "message": .string($0.message),
                        "ingestionTime": .integer($0.time),
                    ]
                }),
            "nextForwardToken": .string(Self.token("f", forgotten + last)),
            "nextBackwardToken": .string(Self.token("b", forgotten + first)),
        ]
    }

    /// Where a page that begins at `first` ends.
    private func extent(from first: Int, _ limit: Int) -> Int {
        var size = 0
        var index = first
        while index < events.count, index - first < limit {
            size += events[index].message.utf8.count + Self.eventBytes
            if size > Self.pageBytes, index > first { break }
            index += 1
        }
        return index
    }

    private enum Cursor {
        case forward(Int)
        case backward(Int)
    }

    private static func token(_ direction: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(direction)/\(String(repeating: "0", count: max(0, 20 - digits.count)))\(digits)/s"
    }

    private static func cursor(_ token: String?) throws(ECSFault) -> Cursor? {
        guard let token else { return nil }
        let parts = token.split(separator: "/")
        guard parts.count == 3, parts[2] == "s", let number = Int(parts[1]), number >= 0 else {
            throw .parameter("The specified nextToken is invalid.")
        }
        switch parts[0] {
        case "f": return .forward(number)
        case "b": return .backward(number)
        default: throw .parameter("The specified nextToken is invalid.")
        }
    }
}
