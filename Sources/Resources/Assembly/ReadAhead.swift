import AWS
import Base
import Manifest

/// What a release reads first, side by side where one thing does not depend on another. Who needs what cannot be read meets the
/// failure.
struct ReadAhead: Sendable {
    let manifest: Manifest
    let surroundings: Surroundings
    /// Asks for what the ledger says of a run that changes something.
    let asksAhead: @Sendable () async -> Void

    private var image: ResourceID { ImageResource(manifest.image, resolver: surroundings.images).id }

    /// The services, and what the tag of the image means.
    func beginning(_ services: ServiceReader) async {
        await surroundings.context.clock.atOnce([{ await services.refresh() }, { _ = await reference() }])
    }

    /// What the services run and the revisions of their families, where a service is not known to run the released image.
    /// Then something is probably going to be changed, and what a run says of itself is asked for as well.
    func definitions(_ access: EnvironmentAccess) async {
        guard let reference = await reference() else { return }
        let (clock, image) = (surroundings.context.clock, image)
        let behind = await behind(reference, access)
        if behind.isEmpty { return }
        var works: [@Sendable () async -> Void] = [asksAhead]
        for arn in behind { works.append { await access.definitions.readAhead(arn, for: image) } }
        for family in families(of: behind) { works.append { await access.definitions.listAhead(family, for: image) } }
        await clock.atOnce(works)
        // By now it is known what they run.
        let families = families(of: await self.behind(reference, access))
        await clock.atOnce(families.map { family in { await access.definitions.describeAhead(family, for: image) } })
    }

    /// The revisions of the services that are not known to run an image.
    private func behind(_ reference: String, _ access: EnvironmentAccess) async -> [String] {
        var behind: Set<String> = []
        for name in access.serviceNames {
            guard let arn = await running(name, access),
                await access.definitions.remembered(arn)?.containers.contains(where: { $0.image == reference }) != true
            else { continue }
            behind.insert(arn)
        }
        return behind.sorted { $0.precedes($1) }
    }

    private func families(of revisions: [String]) -> [String] {
        Set(revisions.map { declaredFamily ?? RevisionARN.family(of: $0) }).sorted { $0.precedes($1) }
    }

    private var declaredFamily: String? {
        if case .declared(let document) = manifest.definition.source { document["family"]?.string } else { nil }
    }

    private func running(_ service: String, _ access: EnvironmentAccess) async -> String? {
        do {
            let arn = try await access.services.known(service).taskDefinition
            return arn.isEmpty ? nil : arn
        } catch {
            return nil
        }
    }

    /// nil where the manifest names no image, or the registry does not tell.
    private func reference() async -> String? {
        if manifest.image.version == .lastApplied { return nil }
        do { return try await surroundings.images.resolve(manifest.image, for: image).reference } catch { return nil }
    }
}
