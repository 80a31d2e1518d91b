import Manifest

/// A declared version, and when a database is there.
struct WantedVersion: Sendable, Equatable {
    let version: String
    let order: VersionOrder
    let accepts: SchemaSpec.Accepts

    /// What an intent was to bring about: the manifest may want something else by now.
    ///
    /// - Returns: nil where the image's own version was wanted, whatever that is called.
    init?(of migration: MigrationOrder, _ spec: SchemaSpec) {
        guard !migration.isImage else { return nil }
        version = migration.version
        order = spec.order
        accepts = spec.accepts
    }

    /// Whether a program has said that the database is there.
    func isReached(by answer: ProbeAnswer?) -> Bool {
        guard case .version(let found, isDirty: false) = answer else { return false }
        return isMet(by: found)
    }

    func isMet(by found: String) -> Bool {
        if isSame(found) { return true }
        switch order.standing(of: version, given: [found]) {
        case .same: return true
        // By the order of versions alone: what the ledger saw first says nothing of a version that it never saw.
        case .older: return accepts == .atLeast && order != .opaque
        case .newer, .unknown: return false
        }
    }

    /// What it is called in the manifest, if it is that one.
    func name(of found: String) -> String { isSame(found) ? version : found }

    private func isSame(_ found: String) -> Bool {
        Self.heads(found) == Self.heads(version)
            || order != .opaque && order.standing(of: version, given: [found]) == .same
    }

    /// Several heads of one graph have no order.
    private static func heads(_ version: String) -> [Substring] { version.split(separator: "+").sorted { $0 < $1 } }
}
