import Hashing
import JSON

/// What a task definition says, without what the server fills in: two definitions that mean the same are equal.
struct DefinitionContent: Sendable, Equatable {
    /// Normalised; the family is part of it.
    let json: JSON

    /// - Parameter document: as declared, or as a server shows it.
    init(_ document: JSON) { json = DefinitionNormaliser.normalise(document) }

    private init(normalised: JSON) { json = normalised }

    var family: String { json["family"]?.string ?? "" }
    var containers: [JSON] { json["containerDefinitions"]?.elements ?? [] }

    func container(_ name: String) -> JSON? { containers.first { $0["name"]?.string == name } }

    /// SHA-256 of the canonical text: the same on every machine.
    var digest: String { SHA256.hex(json.canonical) }

    func replacing(image: String, of container: String) -> DefinitionContent {
        DefinitionContent(normalised: Self.replace(image: image, of: container, in: json))
    }

    /// A definition in AWS's shape with one container's image replaced.
    static func replace(image: String, of container: String, in document: JSON) -> JSON {
        var out = document
        let containers = document["containerDefinitions"]?.elements ?? []
        out["containerDefinitions"] = .array(
            containers.map { definition in
                var definition = definition
                if definition["name"]?.string == container { definition["image"] = .string(image) }
                return definition
            })
        return out
    }

    /// The digest of everything but one container's image: what a base is recognised by.
    func imagelessDigest(of container: String) -> String { replacing(image: "", of: container).digest }

    /// All values that could be secret: environment entries.
    var environmentValues: [String: String] {
        var values: [String: String] = [:]
        for entry in containers.flatMap({ $0["environment"]?.elements ?? [] }) {
            if let name = entry["name"]?.string { values[name] = entry["value"]?.string ?? "" }
        }
        return values
    }
}
