import AWS
import Base
import Manifest
import Resources

/// The manifests of one invocation, read before anything is sent.
struct Fleet: Sendable {
    /// A manifest, or what is wrong with it: that one of many is broken does not stop the others.
    struct Member: Sendable {
        let path: String
        let manifest: Result<Manifest, Failure>
        /// nil where the manifest could not be read.
        let ledger: LedgerPlace?
        /// nil where the manifest could not be read.
        let environment: String?
        /// Where its services are; nil where the manifest could not be read.
        let place: Place?

        init(path: String, manifest: Result<Manifest, Failure>, option: String?, places: Places) throws(Failure) {
            self.path = path
            self.manifest = manifest
            guard case .success(let manifest) = manifest else {
                (environment, place, ledger) = (nil, nil, nil)
                return
            }
            (environment, place) = (manifest.environment, places.place(of: manifest))
            ledger = try LedgerPlace(of: manifest, option: option)
        }

        /// The same manifest, refused.
        init(_ member: Member, refused failure: Failure) {
            (path, ledger) = (member.path, member.ledger)
            (environment, place) = (member.environment, member.place)
            manifest = .failure(failure)
        }
    }

    let members: [Member]
    /// What reading them has opened, for what comes next.
    let access: SharedAccess

    var isSingle: Bool { members.count == 1 }

    /// - Parameters:
    ///   - comparesAsApplied: whether what CI gives with each apply is compared as it was applied last.
    ///   - isOffline: whether nothing is looked up: such manifests are checked, and nothing else is done with them.
    ///   - observe: gets every call.
    /// - Throws: ``Failure`` for values that were not given as `--var` and `--var-file` want them.
    static func load(
        _ arguments: [String], _ options: CommonOptions, comparesAsApplied: Bool = false, isOffline: Bool = false,
        observe: @escaping @Sendable (Caller.Record) -> Void
    ) async throws(Failure) -> Fleet {
        try LedgerPlace.check(options.ledger)
        let loader = try Session.loader(options, comparesAsApplied: comparesAsApplied)
        let found = ManifestFolder.expand(arguments)
        let access = SharedAccess(isFleet: found.count != 1, observe: observe)
        let readable = found.filter { $0.failure == nil }.map(\.path)
        let results =
            isOffline
            ? readable.map { path in Result { () throws(Failure) in try loader.survey(path) } }
            : await ManifestReading(loader: loader, options: options, access: access).load(readable)
        let manifests = Dictionary(uniqueKeysWithValues: zip(readable, results))
        let places = Places(options)
        var members: [Member] = []
        for place in found {
            guard let manifest = place.failure.map(Result.failure) ?? manifests[place.path] else { continue }
            members.append(
                try Member(path: place.path, manifest: manifest, option: options.ledger, places: places))
        }
        return Fleet(members: members, access: access)
    }

    /// The same manifests, for work after other work has ended: nothing is known yet of what AWS has.
    func reopened(observe: @escaping @Sendable (Caller.Record) -> Void) -> Fleet {
        Fleet(members: members, access: SharedAccess(isFleet: !isSingle, observe: observe))
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
        var keys: Set = ["environment \(manifest.environment) in \(member.ledger?.name ?? "")"]
        if let schema = manifest.schema, let place = member.place {
            keys.insert("database \(place.region ?? "") \(place.cluster) \(schema.database)")
        }
        return keys
    }
}
