import Base
import JSON

/// Where the newest checkpoint of a shared ledger is, as far as anyone has written down: a place to begin to look, and no more.
struct SharedHint: Equatable {
    let identity: SharedIdentity
    /// The number of the checkpoint's entry.
    let checkpoint: Int64

    static let name = "newest.json"

    init(_ identity: SharedIdentity, checkpoint: Int64) {
        self.identity = identity
        self.checkpoint = checkpoint
    }

    /// nil for what cannot be read: then the beginning is where to begin.
    init?(_ body: [UInt8], at url: String) {
        do {
            let json = try JSON.parse(body)
            guard let checkpoint = json["checkpoint"]?.integer, let text = json["ledger"] else { return nil }
            identity = try SharedIdentity(Array(text.canonical.utf8), at: url)
            self.checkpoint = Int64(checkpoint)
        } catch {
            return nil
        }
    }

    var body: [UInt8] {
        let json: JSON = ["checkpoint": .integer(Int(checkpoint)), "ledger": identity.json]
        return Array((json.canonical + "\n").utf8)
    }

    /// The entries are written already, so a hint that cannot be written is left out. A slow writer may write an older one: the
    /// end is found all the same.
    func write(to store: any ObjectStore) async {
        do { _ = try await store.put(Self.name, body, if: .none) } catch {}
    }
}
