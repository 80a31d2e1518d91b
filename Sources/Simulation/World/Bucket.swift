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
    private var late: [Write] = []

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

    /// Names in order, without those of the newest objects.
    func keys(beginningWith start: String, after last: String, createdBefore moment: Int) -> [String] {
        objects.filter { $0.key.hasPrefix(start) && $0.value.created <= moment }.keys.sorted()
            .filter { last < $0 }.prefix(1_000).map(\.self)
    }
}
