/// What a comparison looks at beyond what an apply needs.
public struct DriftScope: Sendable {
    /// What the database has just said of its version; nil where nobody has asked it.
    public var probed: ProbeAnswer?
    /// Whether the tags of the revisions in use are read anew, a call for each: they may be taken away at any time, and what
    /// the ledger remembers of a revision was seen once.
    public var readsTags: Bool

    public init(probed: ProbeAnswer? = nil, readsTags: Bool = false) {
        self.probed = probed
        self.readsTags = readsTags
    }
}
