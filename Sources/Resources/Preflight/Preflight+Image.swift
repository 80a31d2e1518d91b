import AWS
import Base
import JSON
import Manifest

extension Preflight {
    /// The image that is to be released.
    ///
    /// - Returns: what was found, and the digest where it has one.
    func image() async -> (findings: [Finding], digest: String?) {
        var spec = manifest.image
        // Also one whose tag is used as it is must be there.
        spec.pin = true
        guard spec.version != .lastApplied else {
            let finding = Finding.unchecked(
                "image", "the manifest leaves the tag to CI",
                remedy: "give the next one to have it checked: --image-tag TAG")
            return ([finding], nil)
        }
        do {
            let resolved = try await assembly.surroundings.images.resolve(
                spec, for: ResourceID("image", spec.repository))
            let digest = resolved.reference.split(separator: "@").dropFirst().first.map(String.init)
            if let note = resolved.note { return ([.unchecked("image", note)], digest) }
            return ([.good("image", "\(spec.text) is \(resolved.reference)")], digest)
        } catch {
            return ([.failed("image", error)], nil)
        }
    }

    /// Whether the image is built for the machines that the definitions ask for.
    func platform(_ definitions: [CurrentDefinition], _ digest: String?) async -> [Finding] {
        guard let digest, let repository = ECRRepository(manifest.image.repository) else { return [] }
        do {
            let platforms = try await clients.ecr.platforms(
                registry: repository.registry, region: repository.region, repository: repository.name, digest: digest)
            switch platforms {
            case .absent:
                return [
                    .failure(
                        "image", "the registry has no image \(digest) in \(manifest.image.repository)",
                        remedy: "push it, or correct the digest")
                ]
            case .one: return [.unchecked("platform", "the image has one platform, and its manifest does not name it")]
            case .several(let list): return definitions.map { Self.finding($0, list) }
            }
        } catch {
            return [.unknown("platform", error)]
        }
    }

    private static func finding(_ definition: CurrentDefinition, _ platforms: [String]) -> Finding {
        let (family, wanted) = (definition.family, wantedPlatform(definition.content.json["runtimePlatform"]))
        let list = platforms.joined(separator: ", ")
        guard platforms.contains(wanted) else {
            return .failure(
                "platform", "\(family) needs \(wanted), and the image has \(list)",
                remedy:
                    "build the image for \(wanted), or change runtimePlatform.cpuArchitecture in the task definition")
        }
        return .good("platform", "\(family) needs \(wanted), and the image has \(list)")
    }

    /// (ECS API Reference, RuntimePlatform: X86_64 and LINUX where it is left out.)
    private static func wantedPlatform(_ platform: JSON?) -> String {
        let isARM = platform?["cpuArchitecture"]?.string == "ARM64"
        let isWindows = platform?["operatingSystemFamily"]?.string?.hasPrefix("WINDOWS") == true
        return (isWindows ? "windows/" : "linux/") + (isARM ? "arm64" : "amd64")
    }
}
