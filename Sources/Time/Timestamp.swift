/// A moment in seconds since 1970-01-01T00:00:00Z, with conversions to the three texts that AWS and people use.
public struct Timestamp: Sendable, Hashable, Comparable {
    public let seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

    public func advanced(by seconds: Int64) -> Timestamp { Timestamp(seconds: self.seconds + seconds) }

    /// Seconds from `other` to this moment.
    public func since(_ other: Timestamp) -> Int64 { seconds - other.seconds }
}

extension Timestamp {
    /// `2026-11-23T01:15:32Z`
    public var iso8601: String {
        let (date, time) = calendar
        return "\(pad(date.year, 4))-\(pad(date.month))-\(pad(date.day))"
            + "T\(pad(time.hour)):\(pad(time.minute)):\(pad(time.second))Z"
    }

    /// `20261123T011532Z`, the form in signatures.
    public var basic: String {
        let (date, time) = calendar
        return "\(pad(date.year, 4))\(pad(date.month))\(pad(date.day))"
            + "T\(pad(time.hour))\(pad(time.minute))\(pad(time.second))Z"
    }

    /// `Mon, 23 Nov 2026 01:15:32 GMT`, the form of HTTP's Date header (RFC 9110, IMF-fixdate).
    public var httpDate: String {
        let (date, time) = calendar
        let weekday = Self.weekdays[Int(((seconds.floorDivided(by: 86_400) % 7) + 11) % 7)]
        return "\(weekday), \(pad(date.day)) \(Self.months[date.month - 1]) \(pad(date.year, 4)) "
            + "\(pad(time.hour)):\(pad(time.minute)):\(pad(time.second)) GMT"
    }

    /// Reads an IMF-fixdate; nil for every other form.
    public init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", parts[0].hasSuffix(",") else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
        guard let day = Int64(parts[1]), (1...31).contains(day), let year = Int64(parts[3]),
            (1970...9999).contains(year),
            let month = Self.months.firstIndex(of: String(parts[2])),
            clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        let days = Self.days(year: year, month: Int64(month + 1), day: day)
        self.init(seconds: days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2])
    }

    /// Reads `2026-11-23T01:15:32Z`, also with a fraction, which is cut off, and with another distance from UTC, such as
    /// `+01:00`; nil for every other form. (RFC 3339.)
    public init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1970...9999).contains(year),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60,
            [4, 7].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            [13, 16].allSatisfy({ bytes[$0] == UInt8(ascii: ":") }), bytes[10] | 0x20 == UInt8(ascii: "t")
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop { (48...57).contains($0) } }
        var offset: Int64 = 0
        switch String(decoding: rest, as: UTF8.self) {
        case "Z", "z", "UTC": break
        case let zone where rest.count == 6 && (zone.hasPrefix("+") || zone.hasPrefix("-")):
            let start = rest.startIndex
            guard let hours = number(start + 1..<start + 3), let minutes = number(start + 4..<start + 6) else {
                return nil
            }
            offset = (hours * 3_600 + minutes * 60) * (zone.hasPrefix("-") ? -1 : 1)
        default: return nil
        }
        let days = Self.days(year: year, month: month, day: day)
        self.init(seconds: days * 86_400 + hour * 3_600 + minute * 60 + second - offset)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    private typealias Date = (year: Int64, month: Int, day: Int64)
    private typealias Clock = (hour: Int64, minute: Int64, second: Int64)

    // Days to and from the civil calendar in whole numbers: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private var calendar: (Date, Clock) {
        let day = seconds.floorDivided(by: 86_400)
        let rest = seconds - day * 86_400
        let shifted = day + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (
            (year, Int(month), dayOfYear - (153 * shiftedMonth + 2) / 5 + 1),
            (rest / 3_600, rest / 60 % 60, rest % 60)
        )
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.floorDivided(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private func pad(_ number: some BinaryInteger, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : (self + 1) / divisor - 1
    }
}
