import JSON

/// Tags of a resource, in AWS's list form and in the order in which they were set.
struct TagList: Sendable, Equatable {
    private(set) var json: [JSON] = []

    private static let most = 50

    init() {}

    /// (ECS API Reference, Tag: at most 50, key 1-128 characters, value at most 256, `aws:` reserved.)
    init(_ list: [Input]?) throws(ECSFault) {
        try set(list ?? [])
    }

    /// - Parameter json: what ``json`` was.
    init(kept json: JSON?) { self.json = json?.elements ?? [] }

    mutating func set(_ list: [Input]) throws(ECSFault) {
        for tag in list {
            let key = try tag.string("key") ?? ""
            let value = try tag.string("value") ?? ""
            guard (1...128).contains(key.unicodeScalars.count) else {
                throw .parameter("Tag keys must have 1 to 128 characters.")
            }
            guard value.unicodeScalars.count <= 256 else {
                throw .parameter("Tag values must have at most 256 characters.")
            }
            guard !key.lowercased().hasPrefix("aws:") else {
                throw .parameter("Tag keys that begin with aws: are reserved.")
            }
            let entry: JSON = ["key": .string(key), "value": .string(value)]
            if let index = json.firstIndex(where: { $0["key"]?.string == key }) {
                json[index] = entry
            } else {
                json.append(entry)
            }
        }
        guard json.count <= Self.most else { throw .parameter("Too many tags: at most 50 are allowed.") }
    }

    mutating func remove(_ keys: [String]) {
        json.removeAll { tag in keys.contains { $0 == tag["key"]?.string } }
    }

    mutating func merge(_ other: TagList) {
        json += other.json.filter { tag in !json.contains { $0["key"] == tag["key"] } }
    }
}
