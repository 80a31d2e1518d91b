/// The objects of one bucket, with S3's conditions on writing them.
///
/// (Amazon S3 User Guide, "Add preconditions to S3 operations with conditional requests".)
struct Bucket: Sendable {
    struct Object: Sendable {
        let body: [UInt8]
        let version: Int
        /// When it was written, in milliseconds.
        let written: Int
        /// When an object of this name was written first.
        let created: Int
    }

    enum Condition: Sendable {
        case none
        case absent
        case unchanged(Int)
    }

    /// A write on its way.
    struct Write: Sendable {
        let key: String
        let body: [UInt8]
        let condition: Condition
        let launch: Launch
        /// When it arrives, in milliseconds.
        let arrival: Int
    }

    private(set) var objects: [String: Object] = [:]
    private var versions = 0
    /// Until when lists show what was there at an earlier moment.
    private var behind: (until: Int, asOf: Int)?
    private var late: [Write] = []
    /// What each process has sent last to each name, and not read there since.
    private var sent: [String: [UInt8]] = [:]

    /// - Returns: whether it is sent again without a look at what became of it.
    mutating func sends(_ body: [UInt8], to key: String, by process: Int) -> Bool {
        sent.updateValue(body, forKey: "\(process) \(key)") == body
    }

    mutating func reads(_ key: String, by process: Int) { sent["\(process) \(key)"] = nil }

    /// - Returns: its version; nil where the condition does not hold.
    mutating func put(_ write: Write) -> Int? {
        let known = objects[write.key]
        switch write.condition {
        case .absent where known != nil: return nil
        case .unchanged(let version) where known?.version != version: return nil
        default: break
        }
        versions += 1
        objects[write.key] = Object(
            body: write.body, version: versions, written: write.arrival, created: known?.created ?? write.arrival)
        return versions
    }

    /// Lets a write arrive later than whoever sent it will wait.
    mutating func delay(_ write: Write) { late.append(write) }

    /// Writes that have arrived by a moment, oldest first, each taken once.
    mutating func arrived(by moment: Int) -> [Write] {
        let due = late.filter { $0.arrival <= moment }.sorted { $0.arrival < $1.arrival }
        late.removeAll { $0.arrival <= moment }
        return due
    }

    /// Lets lists lack the newest objects for as long as they are behind.
    mutating func fallBehind(by age: Int, at now: Int) { behind = (now + age, now - age) }

    /// Names in order, at most 1,000.
    func keys(beginningWith start: String, after last: String, at now: Int) -> [String] {
        let moment = behind.flatMap { $0.until > now ? $0.asOf : nil } ?? now
        return objects.filter { $0.key.hasPrefix(start) && $0.value.created <= moment }.keys.sorted()
            .filter { last < $0 }.prefix(1_000).map(\.self)
    }
}
