/// The version that a revision says its database was migrated to, and of which time that is.
struct SchemaMark: Sendable, Equatable {
    let version: String
    /// What was declared before it was set.
    let declared: Declaration

    /// The keys of the tags that say it.
    struct Keys: Sendable, Equatable {
        /// Of the tag whose value is the version that a database was migrated to.
        let version: String
        /// Of the tag next to it that tells of which time the mark is: the ``Declaration`` before it. It is missing until the
        /// first declaration.
        let declared: String

        init(_ database: String, clusterARN: String) {
            version = Mark.key(Mark.unqualifiedSchema, database, clusterARN)
            declared = Mark.key(Mark.declaration, database, clusterARN)
        }
    }

    init(_ version: String, declared: Declaration) {
        self.version = version
        self.declared = declared
    }

    /// - Returns: nil where the tags bear no mark.
    init?(_ keys: Keys, in tags: [String: String]) {
        let declared = tags[keys.declared].flatMap(Declaration.init(fact:))
        // A declaration whose mark someone has removed is one all the same.
        guard let version = tags[keys.version] ?? declared?.version else { return nil }
        self.init(version, declared: declared ?? .none)
    }

    func tags(_ keys: Keys) -> [String: String] {
        var tags = [keys.version: version]
        if declared != .none { tags[keys.declared] = declared.fact }
        return tags
    }
}
