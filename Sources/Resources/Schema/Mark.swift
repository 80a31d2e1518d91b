/// The tags by which a lost ledger is survived.
enum Mark {
    static let prefix = "reconcile:"
    /// On revisions: what they say, so that they are found again.
    static let digest = "reconcile:digest"
    static let environment = "reconcile:environment"
    /// On revisions: `DATABASE=VERSION`, a migration that is known to have succeeded.
    static let schema = "reconcile:schema"
    /// On migration tasks: the token of the intent that started them.
    static let intent = "reconcile:intent"
}
