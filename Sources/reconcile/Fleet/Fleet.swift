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
        /// nil where the manifest could not be read.
        let environment: String?

        init(path: String, manifest: Result<Manifest, Failure>, ledger: String, environment: String? = nil) {
            self.path = path
            self.manifest = manifest
            self.ledger = ledger
            let read: String? = if case .success(let manifest) = manifest { manifest.environment } else { nil }
            self.environment = environment ?? read
        }
    }

    let members: [Member]

    var isSingle: Bool { members.count == 1 }

    /// - Throws: ``Failure`` for values that were not given as `--var` and `--var-file` want them.
    static func load(_ arguments: [String], _ options: CommonOptions) throws(Failure) -> Fleet {
        try LedgerPlace.check(options.ledger)
        let loader = try Session.loader(options)
        var members: [Member] = []
        for place in ManifestFolder.expand(arguments) {
            members.append(
                Member(
                    path: place.path,
                    manifest: place.failure.map(Result.failure)
                        ?? Result { () throws(Failure) in try loader.load(place.path) },
                    ledger: LedgerPlace.path(manifest: place.path, ledger: options.ledger) ?? ""))
        }
        return Fleet(members: members)
    }

    /// Members that may not be applied side by side, in order: they share a database, or an environment and its ledger.
    /// Whoever comes first migrates; the others find the schema in place.
    var lanes: [[Member]] {
        // Of each member, one before it that it shares something with, or itself: following these leads to its lane's first.
        var before = Array(members.indices)
        func first(_ index: Int) -> Int {
            var root = index
            while before[root] != root { root = before[root] }
            before[index] = root
            return root
        }
        var holders: [String: Int] = [:]
        for (index, member) in members.enumerated() {
            for key in Self.shared(by: member) {
                let roots = (first(holders[key] ?? index), first(index))
                before[max(roots.0, roots.1)] = min(roots.0, roots.1)
                holders[key] = index
            }
        }
        let lanes = Dictionary(grouping: members.indices, by: first)
        return lanes.sorted { $0.key < $1.key }.map { $0.value.map { members[$0] } }
    }

    private static func shared(by member: Member) -> Set<String> {
        guard case .success(let manifest) = member.manifest else { return [] }
        var keys: Set = ["environment \(manifest.environment) in \(member.ledger)"]
        if let schema = manifest.schema {
            keys.insert("database \(manifest.region ?? "") \(manifest.clusterName) \(schema.database)")
        }
        return keys
    }
}
