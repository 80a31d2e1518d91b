import Base
import JSON
import Manifest

/// What was applied last, for comparisons of a manifest whose tag or schema version CI gives with each apply.
extension Blueprint {
    /// The same with what was applied last in the places that CI fills.
    ///
    /// The ledger tells it; where it does not, the revision does that the services run, and the database's mark.
    ///
    /// - Throws: ``Failure`` with code `manifest-invalid` if the manifest has no tag or version and none was applied yet.
    func asApplied() async throws(Failure) -> (blueprint: Blueprint, comparison: Comparison) {
        var comparison = Comparison()
        guard !manifest.asApplied.isEmpty else { return (self, comparison) }
        var blueprint = self
        let past = try await recorded()
        if manifest.asApplied.contains(.image), isLeft(.image) || (past?.given ?? manifest.given).contains(.image) {
            var version = past?.version(in: manifest.image.repository)
            if version == nil { version = try await running() }
            if let version {
                blueprint.manifest.image.version = version
                comparison.image = blueprint.manifest.release.tag
                // Whether CI or the manifest gave it makes no difference here.
                if let past { blueprint.manifest.given = past.given }
            }
        }
        if manifest.asApplied.contains(.schema), let spec = manifest.schema {
            let isGiven = isLeft(.schema) || (past?.given ?? manifest.given).contains(.schema)
            // No record says whether CI gave a version: a mark that is not an image's does.
            let mayBeGiven = past == nil && spec.version == .image
            guard isGiven || mayBeGiven else { return (blueprint, comparison) }
            // What the database was brought to last.
            let reached = try await blueprint.history(spec)
                .versions(wanted: nil, isActing: false, in: surroundings.context).all.last
            if mayBeGiven, !isGiven, reached.map(Syntax.isDigest) ?? true { return (blueprint, comparison) }
            guard let version = reached else {
                throw .nothingApplied(
                    "schema.version has no value", "--schema-version VERSION",
                    of: ResourceID(Kind.schema, spec.database))
            }
            blueprint.manifest.schema?.version = .declared(version)
            comparison.schema = version
        }
        return (blueprint, comparison)
    }

    private func isLeft(_ part: ReleasePart) -> Bool {
        switch part {
        case .image: manifest.image.version == .lastApplied
        case .schema: manifest.schema?.version == .lastApplied
        }
    }

    /// The release that the ledger has of the first of the services that has one: of an update that is under way, or of the
    /// last one that has ended.
    private func recorded() async throws(Failure) -> ReleaseRecord? {
        for spec in manifest.services {
            let name = ResourceID(Kind.service, spec.name)
            let open = try await access.ledger.openIntents(of: [name], environment: manifest.environment).last {
                $0.subject == Subject.service(spec.name, access.cluster.arn) && $0.acceptance != nil
            }
            if let release = open.flatMap({ UpdateOrder($0.order)?.release }) { return release }
            let past = try await ServicePast.read(
                Subject.service(spec.name, access.cluster.arn), in: surroundings.context)
            if let release = past.release { return release }
        }
        return nil
    }

    /// The image of what a service runs, where reconcile has registered that.
    private func running() async throws(Failure) -> ImageSpec.Version? {
        for spec in manifest.services {
            let arn = try await access.services.known(spec.name).taskDefinition
            if arn.isEmpty { continue }
            let summary = try await access.definitions.summary(arn, for: ResourceID(Kind.service, spec.name))
            // Another environment may have registered it: a revision is found by its content.
            guard summary.tags[Mark.digest] != nil else { continue }
            let versions = summary.containers.compactMap { container in
                ReleaseRecord(image: container.image, schema: nil, given: []).version(in: manifest.image.repository)
            }
            if let version = versions.first { return version }
        }
        return nil
    }
}

extension Failure {
    /// A comparison that is given nothing to compare with.
    static func nothingApplied(_ what: String, _ option: String, of resource: ResourceID) -> Failure {
        Failure(
            .manifestInvalid, "\(what), and nothing was applied yet that could be compared with", of: resource,
            hint: "apply it first: reconcile apply MANIFEST \(option); or give this command \(option), too")
    }
}
