import Base
import Hashing
import JSON

/// What the object of a lock of a shared ledger says: who holds it, or that no one does.
struct Lease: Equatable {
    /// How often it was taken.
    var generation: Int
    /// How long it holds after it was written.
    var seconds: Int
    var isReleased = false
    /// Of whom, as for a lock in a file.
    var holder: JSON
    /// Where that holds the same lock in a file; nil if that is not known.
    var site: String?
    /// New with each writing, so that no two of them have the same bytes.
    var nonce: String

    /// A holder writes it again after a third of that.
    static let usual = 30

    static func name(of lock: String) -> String { "leases/\(SHA256.hex(lock).prefix(32))" }

    var duration: Duration { .seconds(seconds) }

    var body: [UInt8] {
        let json = JSON.object(dropping: [
            "generation": .integer(generation), "seconds": .integer(seconds), "released": .bool(isReleased),
            "holder": holder, "site": site.map(JSON.string), "nonce": .string(nonce),
        ])
        return Array((json.canonical + "\n").utf8)
    }

    init(generation: Int, seconds: Int, holder: JSON, nonce: String) {
        self.generation = generation
        self.seconds = seconds
        self.holder = holder
        self.nonce = nonce
    }

    /// nil for what is not a lease.
    init?(_ body: [UInt8]) {
        let json: JSON
        do { json = try JSON.parse(body) } catch { return nil }
        guard let generation = json["generation"]?.integer, let seconds = json["seconds"]?.integer, seconds > 0,
            let isReleased = json["released"]?.bool, let holder = json["holder"], let nonce = json["nonce"]?.string
        else { return nil }
        self.init(generation: generation, seconds: seconds, holder: holder, nonce: nonce)
        self.isReleased = isReleased
        site = json["site"]?.string
    }
}
