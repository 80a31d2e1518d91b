import Manifest

extension SchemaHistory {
    /// Versions in the order in which the database was brought to them.
    struct Versions: Sendable, Equatable {
        var all: [String]
        /// Those of them that only marks show, and the ledger does not hold yet in this order.
        var adopted: [String]
        let declared: Declaration
        /// What a declaration that the ledger has not heard of has undone; nil where there is none.
        var undone: [String]?

        /// All that the ledger has ever had the database at, oldest first, also what was undone since.
        var reached: [String] = []

        /// Whether only revisions tell in which order the database was brought to them.
        var isOrderGuessed = false

        /// Whether AWS shows something that the ledger does not hold.
        var isUnrecorded: Bool { !adopted.isEmpty || undone != nil }

        init(all: [String], adopted: [String], declared: Declaration) {
            self.all = all
            self.adopted = adopted
            self.declared = declared
        }

        /// Joins what the ledger knows with what marks tell.
        ///
        /// A service may stay on an older revision, with an older mark. Only the revisions of one family have an order, so
        /// only a mark that is listed after the last known one is news; any other is history that this ledger has missed.
        ///
        /// - Parameters:
        ///   - known: what the ledger holds, oldest first.
        ///   - borne: marks on what the services run.
        ///   - listed: marks on the revisions of the family that migrations run from, oldest first.
        init(known: [String], borne: [String], listed: [String], declared: Declaration) {
            self.declared = declared
            var missed: [String] = []
            for version in borne where !(known + listed + missed).contains(version) { missed.append(version) }
            let place = known.last.flatMap(listed.firstIndex(of:)) ?? -1
            missed += listed.prefix(max(0, place)).filter { !known.contains($0) }
            let news = listed.dropFirst(place + 1).filter { !known.contains($0) }
            let hasLast = known.last == nil || !news.isEmpty || missed.isEmpty
            adopted = missed + news + (hasLast ? [] : known.suffix(1))
            all = known + adopted
        }

        /// The same with the version that is the latest by its value as the last one: between two declarations a database
        /// only goes forward, whatever the numbers of revisions say.
        func ordered(by order: VersionOrder?) -> Versions {
            guard let order, !adopted.isEmpty else { return self }
            let known = all.dropLast(adopted.count)
            let news = Self.once(adopted.filter { !known.contains($0) })
                .sorted { order.standing(of: $0, given: [$1]) == .older }
            var versions = self
            versions.adopted = news
            if let last = known.last, let newest = news.last, order.standing(of: newest, given: [last]) != .newer {
                versions.adopted.append(last)
            }
            versions.all = known + versions.adopted
            return versions
        }

        /// Each version once. Where one comes again it was rolled forward to again: the later place counts.
        static func once(_ versions: [String]) -> [String] {
            versions.indices.filter { !versions[($0 + 1)...].contains(versions[$0]) }.map { versions[$0] }
        }

        /// Each undone version counts for the first time that it was reached and was not undone yet.
        static func without(_ undone: [String], in versions: [String]) -> [String] {
            if undone.isEmpty { return versions }
            var left = undone.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            return versions.filter { version in
                guard let count = left[version], count > 0 else { return true }
                left[version] = count - 1
                return false
            }
        }
    }
}
