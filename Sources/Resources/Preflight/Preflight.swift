import AWS
import Base
import Manifest
import Reconciler

/// Everything that can be known before a release of whether it will work. Changes nothing.
struct Preflight: Sendable {
    let assembly: Assembly
    let access: EnvironmentAccess
    let identity: CallerIdentity?
    let ledger: BucketAddress?

    var manifest: Manifest { assembly.manifest }
    var clients: Clients { access.clients }

    func findings() async -> [Finding] {
        let services = await services()
        let image = await image()
        let (definitions, unfit) = await definitions()
        async let platform = platform(definitions, image.digest)
        async let logs = logs(definitions)
        async let secrets = secrets(definitions)
        async let roles = roles(definitions)
        async let network = network()
        async let permissions = permissions(definitions)
        return await services + image.findings + unfit + platform + roles + secrets + logs + network + permissions
            + migration
    }

    /// Of the services that are there: what is wrong with others is told with them.
    private func definitions() async -> ([CurrentDefinition], [Finding]) {
        var manifest = manifest
        manifest.services = []
        for spec in self.manifest.services {
            do {
                _ = try await access.services.known(spec.name)
                manifest.services.append(spec)
            } catch { continue }
        }
        do { return (try await CurrentDefinition.all(of: manifest, access), []) } catch {
            return ([], [.failed(error.resource?.description ?? "task definition", error)])
        }
    }

    /// What no look can tell.
    private var migration: [Finding] {
        guard let schema = manifest.schema else { return [] }
        let command = schema.migrate.command.first ?? ""
        switch schema.migrate.runner {
        case .lambda(let function):
            return [.unchecked("schema/\(schema.database)", "whether \(function) migrates is known when it has run")]
        case .ecsTask, .process:
            return [
                .unchecked(
                    "schema/\(schema.database)",
                    "whether the image has \(command), and what it does, is known when it has run")
            ]
        }
    }
}

extension Assembly {
    /// All that can be checked before a release, without a change.
    ///
    /// - Parameters:
    ///   - identity: who is calling; nil where AWS does not say.
    ///   - ledger: nil for one in a file.
    /// - Throws: ``Failure`` for a cluster that is missing, or whose services cannot be read at all.
    public func preflight(_ identity: CallerIdentity?, ledger: BucketAddress?) async throws(Failure) -> [Finding] {
        let access: EnvironmentAccess
        do { access = try await self.access(toAnyService: true) } catch {
            guard error.code == .serviceMissing else { throw error }
            // All others are missing, too.
            return manifest.services.map { .failed("service/\($0.name)", error) }
        }
        return await Preflight(assembly: self, access: access, identity: identity, ledger: ledger).findings()
    }
}
