import Base
import JSON

/// Numbers and durations.
extension ObjectReader {
    func value(_ key: ManifestKey<Int?>) -> Int? {
        guard let node = node(key), case .count(let range) = key.facts.form else { return nil }
        var value: Int?
        if case .scalar(let json) = node.content { value = json.integer ?? Self.huge(json) }
        if node.mayHoldVariables {
            guard let text = text(node, "") else { return nil }
            value = Int(text)
        }
        guard let value else {
            problems.add(at: node.offset, notWhole(key, node), hint: Self.whole(node.json))
            return nil
        }
        guard range.contains(value) else {
            complain(key, "must be from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    private func notWhole(_ key: ManifestKey<Int?>, _ node: Node) -> String {
        let complaint = "\(path(key)) must be a whole number"
        if node.mayHoldVariables { return complaint + " once its variables are replaced" }
        if case .scalar(.double) = node.content {
            return "\(complaint), \(problems.source.word(at: node.offset)) found"
        }
        return "\(complaint), \(node.kind) found"
    }

    /// A whole number that no Int can hold is out of any range, on its side of it.
    private static func huge(_ json: JSON) -> Int? {
        guard case .double(let double) = json, double.rounded() == double else { return nil }
        return double < 0 ? .min : .max
    }

    static func whole(_ json: JSON) -> String? {
        json.string.map { "write \(Int($0).map(String.init) ?? "digits"), without quotes" }
    }

    func value(_ key: ManifestKey<Duration>) -> Duration { duration(key) ?? key.standard }

    /// At most a day: a longer one is not meant.
    func duration<Value>(_ key: ManifestKey<Value>) -> Duration? {
        let limit = Duration.seconds(24 * 3_600)
        let hint = "write seconds, minutes or hours: 90s, 15m, 2h"
        guard let node = node(key), let text = text(node, "\(path(key)) must be a duration", hint: hint) else {
            return nil
        }
        guard let duration = DurationText.parse(text) ?? Self.endless(text) else {
            complain(key, "must be a duration", hint: hint)
            return nil
        }
        guard duration > .zero else {
            complain(key, "must be more than zero")
            return nil
        }
        guard duration <= limit else {
            complain(key, "must be at most \(limit.components.seconds / 3_600)h")
            return nil
        }
        return duration
    }

    /// A duration that is written as one and is too large for any.
    private static func endless(_ text: String) -> Duration? {
        let digits = text.utf8.dropLast().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits && text.utf8.count > 1 && "smh".utf8.contains(text.utf8.last ?? 0) ? .seconds(Int64.max) : nil
    }
}
