import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// The image that is wanted. It is never changed, only resolved: once per run, so that everything in a run uses the same.
struct ImageResource: Resource {
    typealias Order = NoRecord
    typealias Receipt = NoRecord
    typealias Output = Resolved

    struct Resolved: Sendable, Equatable {
        /// What stands in the definition: `repo@sha256:…`, or `repo:tag` where it is not pinned.
        let reference: String
        /// What a migration of this image is known by: the digest, or the reference where there is none.
        let identity: String
        let note: String?
    }

    let id: ResourceID
    let spec: ImageSpec
    let resolver: ImageResolver

    /// Nothing is recorded of an image: it is never changed.
    var subject: String { "image/\(spec.repository)" }
    var dependencies: [ResourceID] { [] }

    init(_ spec: ImageSpec, resolver: ImageResolver) {
        id = ResourceID("image", spec.repository.split(separator: "/").last.map(String.init) ?? spec.repository)
        self.spec = spec
        self.resolver = resolver
    }

    func observe(pending: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        let resolved = try await resolver.resolve(spec, for: id)
        return Seen(.present(resolved), output: resolved)
    }

    func diff(_ observed: Observation<Resolved>, upstream: Outputs) -> Change {
        guard case .present(let resolved) = observed else { return .none("the image is given") }
        return .none(Self.short(resolved.reference), notes: resolved.note.map { [$0] } ?? [])
    }

    /// A digest is recognised by its first digits.
    private static func short(_ reference: String) -> String {
        let parts = reference.split(separator: "@", maxSplits: 1)
        guard parts.count == 2, parts[1].hasPrefix("sha256:") else { return reference }
        return "\(parts[0])@\(parts[1].prefix("sha256:".count + 12))…"
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<Resolved>
    ) throws(Failure) -> Intention<NoRecord> {
        throw .broken("an image is never changed", of: id)
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<Resolved>, in context: Context
    ) async throws(Failure) -> Reply<NoRecord> {
        throw .broken("an image is never changed", of: id)
    }
}

/// Asks the registry for a tag's digest, once.
public actor ImageResolver {
    private let client: ECRClient
    private let shared: SharedReading<ImageSpec, ImageResource.Resolved>?
    private var resolved: [ImageSpec: ImageResource.Resolved] = [:]

    /// - Parameter shared: what other manifests have resolved.
    init(_ client: ECRClient, shared: SharedReading<ImageSpec, ImageResource.Resolved>? = nil) {
        self.client = client
        self.shared = shared
    }

    func resolve(_ spec: ImageSpec, for resource: ResourceID) async throws(Failure) -> ImageResource.Resolved {
        if let known = resolved[spec] { return known }
        let answer: ImageResource.Resolved
        if let shared {
            answer = try await shared.value(spec) { () throws(Failure) in try await self.read(spec, for: resource) }
        } else {
            answer = try await read(spec, for: resource)
        }
        resolved[spec] = answer
        return answer
    }

    private func read(_ spec: ImageSpec, for resource: ResourceID) async throws(Failure) -> ImageResource.Resolved {
        switch spec.version {
        case .lastApplied: throw .nothingApplied("image has neither tag nor digest", "--image-tag TAG", of: resource)
        case .digest(let digest):
            return ImageResource.Resolved(reference: "\(spec.repository)@\(digest)", identity: digest, note: nil)
        case .tag(let tag):
            let reference = "\(spec.repository):\(tag)"
            guard spec.pin else { return .init(reference: reference, identity: reference, note: nil) }
            guard let repository = ECRRepository(spec.repository) else {
                return .init(
                    reference: reference, identity: reference,
                    note: "\(spec.repository) is not a private ECR repository: the tag is used as it is, "
                        + "and migration and services may run different bytes if it moves; image.digest prevents that")
            }
            guard let digest = try await digest(of: tag, in: repository, as: reference, for: resource) else {
                throw missing(reference, resource, cause: [])
            }
            return .init(reference: "\(spec.repository)@\(digest)", identity: digest, note: nil)
        }
    }

    private func digest(
        of tag: String, in repository: ECRRepository, as reference: String, for resource: ResourceID
    ) async throws(Failure) -> String? {
        do {
            return try await client.digest(
                registry: repository.registry, region: repository.region, repository: repository.name, tag: tag)
        } catch {
            if error.code == "RepositoryNotFoundException" {
                throw missing(reference, resource, cause: [error.description])
            }
            throw .aws(reading: error, resource, "resolve the image \(repository.name):\(tag)")
        }
    }

    private func missing(_ reference: String, _ resource: ResourceID, cause: [String]) -> Failure {
        Failure(
            .imageMissing, "the image \(reference) is not in the registry", of: resource,
            hint:
                "push it first, or check \"image\" in the manifest; if it is a pull-through cache, pull the image once, "
                + "so that ECR fetches it: docker pull \(reference)",
            cause: cause)
    }
}
