import Reconciler
import Resources

/// The manifests of one invocation, read before anything is sent.
struct Fleet: Sendable {
    /// A manifest, or what is wrong with it: that one of many is broken does not stop the others.
    struct Member: Sendable {
        let path: String
        let manifest: Result<Manifest, Failure>
        /// Where its ledger is.
        let ledger: String
    }

    let members: [Member]

    var isSingle: Bool { members.count == 1 }

    /// - Throws: ``Failure`` with code `manifest-unreadable` for a folder without manifests, or for values that were not given
    ///   as `--var` and `--var-file` want them.
    static func load(_ arguments: [String], _ options: CommonOptions) throws(Failure) -> Fleet {
        let loader = try Session.loader(options)
        var members: [Member] = []
        for path in try ManifestFolder.expand(arguments) {
            members.append(
                Member(
                    path: path,
                    manifest: Result { () throws(Failure) in try loader.load(path) },
                    ledger: LedgerPlace.path(manifest: path, ledger: options.ledger) ?? ""))
        }
        return Fleet(members: members)
    }

    /// Members that may not be applied side by side, in order: they share a database, or an environment and its ledger.
    /// Whoever comes first migrates; the others find the schema in place.
    var lanes: [[Member]] {
        var lanes: [[Member]] = []
        var keys: [Set<String>] = []
        for member in members {
            let own = Self.shared(by: member)
            let related = keys.indices.filter { !keys[$0].isDisjoint(with: own) }
            guard let first = related.first else {
                lanes.append([member])
                keys.append(own)
                continue
            }
            for index in related.dropFirst().reversed() {
                lanes[first] += lanes.remove(at: index)
                keys[first].formUnion(keys.remove(at: index))
            }
            lanes[first].append(member)
            keys[first].formUnion(own)
        }
        return lanes
    }

    private static func shared(by member: Member) -> Set<String> {
        guard case .success(let manifest) = member.manifest else { return [] }
        var keys: Set = ["environment \(manifest.environment) in \(member.ledger)"]
        if let schema = manifest.schema {
            keys.insert("database \(manifest.region ?? "") \(manifest.cluster) \(schema.database)")
        }
        return keys
    }
}
