import Base
import JSON

/// Where in a manifest its resources are declared.
public enum ManifestPlaces {
    /// - Returns: nil where nothing in it declares the resource, or where it cannot be read.
    public static func position(of resource: ResourceID, inManifest path: String, _ bytes: [UInt8]) -> Position? {
        let source = SourceText(path: path, bytes: bytes)
        do {
            return offset(of: resource, in: try source.parse()).map { Position(of: $0, in: bytes) }
        } catch {
            return nil
        }
    }

    private static func offset(of resource: ResourceID, in root: Node) -> Int? {
        switch resource.kind {
        case Kind.service, Kind.command:
            service(resource.name, in: root) ?? key("services", in: root)
        case Kind.schema:
            (resource.name.hasSuffix("@after")
                ? root.member("schema").flatMap { key("after", in: $0) } : nil) ?? key("schema", in: root)
        case "task-definition": key("taskDefinition", in: root) ?? key("image", in: root)
        case "image": key("image", in: root)
        default: nil
        }
    }

    private static func service(_ name: String, in root: Node) -> Int? {
        guard case .array(let services) = root.member("services")?.content else { return nil }
        return services.first { $0.member("name")?.content == .string(name) }?.offset
    }

    private static func key(_ key: String, in node: Node) -> Int? {
        guard case .object(let members) = node.content else { return nil }
        return members.last { $0.key == key }?.keyOffset
    }
}
