import AWS
import Base
import JSON
import Manifest
import Reconciler

/// Reads what only a comparison needs to know of a service, and no apply: which image it really runs.
struct ServiceInspector: Sendable {
    let access: EnvironmentAccess
    let image: ImageSpec
    /// The names of those that run the released image.
    let containers: [String]
    let resolver: ImageResolver

    struct Inspection: Sendable, Equatable {
        let applied: ServicePast
        /// Who registered the revision that it points at.
        let registeredBy: String?
        /// AWS's time at this look, in seconds since 1970.
        let now: Int64?
        /// The digest that its containers were started with, and the one that their image means now, where these differ.
        var staleImage: StaleImage?

        struct StaleImage: Sendable, Equatable {
            let running: String
            let wanted: String
        }
    }

    func inspect(
        _ service: ECSService, _ summary: TaskDefinitionSummary, past: ServicePast,
        for resource: ResourceID, in context: Context
    ) async throws(Failure) -> Inspection {
        var findings = Inspection(
            applied: past, registeredBy: summary.registeredBy, now: context.awsTime()?.seconds)
        findings.staleImage = try await staleImage(service, summary, resource)
        return findings
    }

    /// A definition that names its image by digest runs that digest; a tag may have moved since.
    private func staleImage(
        _ service: ECSService, _ summary: TaskDefinitionSummary, _ resource: ResourceID
    ) async throws(Failure) -> Inspection.StaleImage? {
        guard case .tag(let tag) = image.version, ECRRepository(image.repository) != nil,
            let revision = service.revisions.first
        else { return nil }
        var pinned = image
        pinned.pin = true
        for container in containers where summary.container(container)?.image == "\(image.repository):\(tag)" {
            guard let running = try await digest(revision, container, resource) else { continue }
            let wanted = try await resolver.resolve(pinned, for: resource).identity
            if wanted != running { return Inspection.StaleImage(running: running, wanted: wanted) }
        }
        return nil
    }

    /// Read once for ever: a service revision never changes.
    private func digest(
        _ arn: String, _ container: String, _ resource: ResourceID
    ) async throws(Failure) -> String? {
        let key = "service-revision/\(arn)/\(container)"
        if let known = try await access.cache.kept(key)?.string { return known }
        let found = try await reading(resource, "read what \(resource) really runs") { () throws(AWSError) in
            try await access.ecs.describeServiceRevisions([arn]).first { $0.arn == arn }?.imageDigests[container]
        }
        if let found { try await access.cache.keep(.string(found), as: key) }
        return found
    }
}
