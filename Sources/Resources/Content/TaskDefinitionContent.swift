import Hashing
import JSON

/// What a task definition says, without what the server fills in: two definitions that mean the same are equal.
struct TaskDefinitionContent: Sendable, Equatable {
    /// Normalised; the family is part of it.
    let json: JSON

    /// - Parameter document: as declared, or as a server shows it.
    init(_ document: JSON) { json = TaskDefinitionNormaliser.normalise(document) }

    private init(normalised: JSON) { json = normalised }

    var family: String { json["family"]?.string ?? "" }
    var containers: [JSON] { json["containerDefinitions"]?.elements ?? [] }

    func container(_ name: String) -> JSON? { containers.first { $0["name"]?.string == name } }

    /// SHA-256 of the canonical text: the same on every machine.
    var digest: String { SHA256.hex(json.canonical) }

    /// - Parameter containers: the names of those that get the image.
    func replacing(image: String, of containers: [String]) -> TaskDefinitionContent {
        TaskDefinitionContent(normalised: Self.replace(image: image, of: containers, in: json))
    }

    /// A definition in AWS's shape with the image of some containers replaced.
    static func replace(image: String, of names: [String], in document: JSON) -> JSON {
        var out = document
        let containers = document["containerDefinitions"]?.elements ?? []
        out["containerDefinitions"] = .array(
            containers.map { definition in
                var definition = definition
                if let name = definition["name"]?.string, names.contains(name) { definition["image"] = .string(image) }
                return definition
            })
        return out
    }

    /// The digest of everything but the image of some containers: what a base is recognised by.
    func imagelessDigest(of names: [String]) -> String {
        if names.count == 1 { return replacing(image: "", of: names).digest }
        let images = containers.map { (name: $0["name"]?.string ?? "", image: $0["image"]?.string ?? "") }
        return Self.imageless(bareDigest, images: images, except: names)
    }

    /// The digest of everything but all images.
    var bareDigest: String { replacing(image: "", of: containers.compactMap { $0["name"]?.string }).digest }

    /// What is known without the content itself gives the same digest.
    static func imageless(_ bare: String, images: [(name: String, image: String)], except names: [String]) -> String {
        let others = images.filter { !names.contains($0.name) }.map { "\($0.name)=\($0.image)" }
        return SHA256.hex(([bare] + others.sorted { $0.precedes($1) }).joined(separator: "\n"))
    }

    var launchVolumes: [String] {
        (json["volumes"]?.elements ?? []).filter { $0["configuredAtLaunch"] == true }.compactMap { $0["name"]?.string }
    }

    /// All values that could be secret: environment entries.
    var environmentValues: [String: String] {
        var values: [String: String] = [:]
        for container in containers {
            for (name, entry) in Self.labelled(container["environment"]?.elements ?? []) {
                // Two containers may give one name a value each.
                let isTaken = values[name] != nil
                values[isTaken ? "\(container["name"]?.string ?? "")/\(name)" : name] = entry["value"]?.string ?? ""
            }
        }
        return values
    }

    /// The elements by their names. A server may hold a name more than once: the second one is `NAME#2`.
    static func labelled(_ elements: [JSON]) -> [String: JSON] {
        var counts: [String: Int] = [:]
        var labelled: [String: JSON] = [:]
        for element in elements {
            let name = element["name"]?.string ?? ""
            counts[name, default: 0] += 1
            labelled[counts[name] == 1 ? name : "\(name)#\(counts[name] ?? 0)"] = element
        }
        return labelled
    }
}
