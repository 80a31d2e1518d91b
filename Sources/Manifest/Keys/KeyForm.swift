import JSON

/// What a value of the manifest looks like.
enum KeyForm: Sendable {
    /// Not read.
    case any
    case text(TextForm)
    case choice([String])
    case flag
    case count(ClosedRange<Int>)
    /// More than zero, at most 24 hours.
    case duration
    /// A list of at least one text.
    case strings
    case dictionary
    /// An object in AWS's shape.
    ///
    /// - Parameter member: what it must have, an object.
    case document(member: String?)
    /// A list in AWS's shape.
    case list
    case definition
    indirect case object(ManifestSection)
    indirect case objects(ManifestSection)
}

/// What can be said of a key without the type of its value.
struct KeyFacts: Sendable {
    enum Need: Sendable {
        case required
        /// - Parameter otherwise: in words, what counts if it is left out.
        case optional(otherwise: String)
        /// - Parameter note: where another default counts.
        case standard(JSON, note: String)
    }

    let name: String
    let form: KeyForm
    let need: Need
    /// What holds besides the bounds that follow from its form.
    let bound: String
    /// One sentence, in Markdown.
    let meaning: String

    var isRequired: Bool { if case .required = need { true } else { false } }
}

/// An object of the manifest: the keys that it may have, in the order in which documentation lists them.
struct ManifestSection: Sendable {
    /// The key that holds it, or a list of such; empty for the manifest itself.
    let key: String
    /// The objects around it, such as `schema`; empty where there is none but the manifest.
    var within = ""
    var isRequired = false
    let keys: [KeyFacts]
    var path: String { within.isEmpty ? key : "\(within).\(key)" }
    var names: [String] { keys.map(\.name) }
}
