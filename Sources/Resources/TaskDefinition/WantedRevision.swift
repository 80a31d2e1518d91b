import JSON
import Reconciler

/// What a definition is to say, and which revision says it.
struct WantedRevision: Sendable, Equatable {
    /// The revision that says what is wanted; nil where there is none that may be used.
    var match: String?
    let digest: String
    var fields: [FieldChange] = []
    /// The request that registers it. Holds environment values, so it stays in memory.
    var registration = JSON.null
    var tags: [String: String] = [:]
    let imagelessDigest: String
    /// The revision that says what is wanted and that ECS does not let anything use any more.
    var deregistered: String?
}

extension WantedRevision {
    /// Of a whole document, with the released image in it.
    ///
    /// - Parameter released: the names of the containers whose image is replaced.
    init(_ document: JSON, image: String, of released: [String], tags: [String: String]) {
        let registration = TaskDefinitionContent.replace(
            image: image, of: released, in: TaskDefinitionNormaliser.registration(document))
        let content = TaskDefinitionContent(registration)
        self.init(
            digest: content.digest, registration: registration, tags: tags,
            imagelessDigest: content.imagelessDigest(of: released))
    }

    var content: TaskDefinitionContent { TaskDefinitionContent(registration) }
}
