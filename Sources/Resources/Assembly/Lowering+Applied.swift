import Base
import JSON
import Manifest

/// What was applied last, for comparisons of a manifest whose tag or schema version CI gives with each apply.
extension Lowering {
    /// What a comparison is made with in place of what the manifest says.
    public struct Comparison: Sendable, Equatable {
        /// The tag or digest; nil where the manifest's own counts.
        public var image: String?
        /// The schema's version; nil where the manifest's own counts.
        public var schema: String?

        public init() {}

        /// What it is, for people; nil where all is as the manifest says.
        public var text: String? {
            let parts = [image.map { "image \($0)" }, schema.map { "schema \($0)" }].compactMap(\.self)
            return parts.isEmpty ? nil : "what was applied last: \(parts.joined(separator: ", "))"
        }

        public var json: JSON? {
            text.map { _ in .object(dropping: ["image": image.map(JSON.string), "schema": schema.map(JSON.string)]) }
        }
    }

    /// The same lowering with what was applied last in the places that CI fills.
    ///
    /// The ledger tells it; where it does not, the revision does that the services run, and the database's mark.
    ///
    /// - Throws: ``Failure`` with code `manifest-invalid` if the manifest has no tag or version and none was applied yet.
    func asApplied(_ readers: Readers) async throws(Failure) -> (lowering: Lowering, comparison: Comparison) {
        var comparison = Comparison()
        guard !manifest.asApplied.isEmpty else { return (self, comparison) }
        var lowering = self
        let past = try await recorded(readers)
        if manifest.asApplied.contains(.image), isLeft(.image) || (past?.given ?? manifest.given).contains(.image) {
            var version = past?.version(in: manifest.image.repository)
            if version == nil { version = try await running(readers) }
            if let version {
                lowering.manifest.image.version = version
                comparison.image = lowering.manifest.release.tag
            }
        }
        if manifest.asApplied.contains(.schema), let spec = manifest.schema {
            let isGiven = isLeft(.schema) || (past?.given ?? manifest.given).contains(.schema)
            // No record says whether CI gave a version: a mark that is not an image's does.
            let mayBeGiven = past == nil && spec.version == .image
            guard isGiven || mayBeGiven else { return (lowering, comparison) }
            let reached = try await lowering.reached(spec, readers)
            if mayBeGiven, !isGiven, reached.map(Syntax.isDigest) ?? true { return (lowering, comparison) }
            guard let version = reached else {
                throw .nothingApplied(
                    "schema.version has no value", "--schema-version VERSION",
                    of: ResourceID(Kind.schema, spec.database))
            }
            lowering.manifest.schema?.version = .declared(version)
            comparison.schema = version
        }
        return (lowering, comparison)
    }

    private func isLeft(_ part: ReleasePart) -> Bool {
        switch part {
        case .image: manifest.image.version == .lastApplied
        case .schema: manifest.schema?.version == .lastApplied
        }
    }

    /// The release that the ledger has of the first of the services that has one.
    private func recorded(_ readers: Readers) async throws(Failure) -> ReleaseRecord? {
        for spec in manifest.services {
            let service = try await readers.services.known(spec.name)
            let past = try await ServicePast.read(Subject.service(spec.name, service.clusterARN), in: context)
            if let release = past.release { return release }
        }
        return nil
    }

    /// The image of what a service runs, where reconcile has registered that.
    private func running(_ readers: Readers) async throws(Failure) -> ImageSpec.Version? {
        for spec in manifest.services {
            let arn = try await readers.services.known(spec.name).taskDefinition
            let sketch = try await readers.definitions.sketch(arn, for: ResourceID(Kind.service, spec.name))
            // Another environment may have registered it: a revision is found by its content.
            guard sketch.tags[Mark.digest] != nil else { continue }
            let versions = sketch.containers.compactMap { container in
                ReleaseRecord(image: container.image, schema: nil, given: []).version(in: manifest.image.repository)
            }
            if let version = versions.first { return version }
        }
        return nil
    }

    /// The version that the database was brought to last.
    private func reached(_ spec: SchemaSpec, _ readers: Readers) async throws(Failure) -> String? {
        let owners = Self.owners(of: try await bases(readers))
        let clusterARN = try await readers.services.known(manifest.services[0].name).clusterARN
        return try await history(spec, clusterARN, owners, readers).versions(wanted: nil, isActing: false, in: context)
            .all.last
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
