/// How far an intent is, by its entries. All legal steps are here; an entry that makes another one is a bug, or damage.
enum IntentState: String, Sendable, CaseIterable {
    /// Recorded; whether the server ever saw its call is not known.
    case open
    /// The server has taken it; how it ends is not known.
    case accepted
    /// Its end is recorded.
    case ended

    /// The state after an entry of that kind about the intent; nil where the entry may not be.
    func after(_ kind: Entry.Kind) -> IntentState? {
        switch (self, kind) {
        case (.open, .accepted): .accepted
        case (.open, .unanswered): .open
        case (.open, .outcome), (.accepted, .outcome): .ended
        case (.accepted, .accepted), (.accepted, .unanswered): nil
        case (.ended, .accepted), (.ended, .unanswered), (.ended, .outcome): nil
        // An intent begins with its own entry, once; what concerns the run as a whole changes no intent.
        case (_, .intent): nil
        case (_, .run), (_, .adopted), (_, .end), (_, .checkpoint): self
        }
    }
}

/// An entry that no legal step leads to.
struct IllegalStep: Error {
    let sequence: Int64
    let reason: String
}
