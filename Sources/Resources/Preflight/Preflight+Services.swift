import AWS
import Base
import JSON
import Manifest

extension Preflight {
    /// Whether each service is there and can be moved, and whether ECS gives up a release that does not start.
    func services() async -> [Finding] {
        var findings: [Finding] = []
        for spec in manifest.services {
            let subject = "service/\(spec.name)"
            do {
                let service = try await access.services.known(spec.name)
                if let failure = ServiceSupport.failure(
                    service, count: spec.desiredCount, of: ResourceID(Kind.service, spec.name))
                {
                    findings.append(.failed(subject, failure))
                } else {
                    findings.append(Self.finding(subject, service, spec))
                }
            } catch {
                findings.append(.failed(subject, error))
            }
        }
        return findings
    }

    private static func finding(_ subject: String, _ service: ECSService, _ spec: ServiceSpec) -> Finding {
        let state =
            service.isAbsent
            ? "it does not exist, and apply creates it" : "\(service.runningCount) of \(service.desiredCount) running"
        // What the manifest declares is set with the release.
        let configuration = spec.settings.deploymentConfiguration ?? service.deploymentConfiguration
        let breaker = configuration?["deploymentCircuitBreaker"]
        guard breaker?["enable"]?.bool == true else {
            return .warning(
                subject,
                "\(state), without a circuit breaker: a release that does not start is tried until the time-out",
                remedy:
                    "enable deploymentConfiguration.deploymentCircuitBreaker with rollback, in your infrastructure code "
                    + "or the manifest")
        }
        guard breaker?["rollback"]?.bool == true else {
            return .warning(
                subject, "\(state), and its circuit breaker does not roll back",
                remedy: "set deploymentConfiguration.deploymentCircuitBreaker.rollback to true")
        }
        return .good(subject, "\(state), with a circuit breaker that rolls back")
    }

    /// The network of the services and of the migration.
    func network() async -> [Finding] {
        var subnets: Set<String> = []
        var groups: Set<String> = []
        var networks = [manifest.schema?.migrate.launch.networkConfiguration]
        for spec in manifest.services {
            networks.append(spec.settings.networkConfiguration)
            do { networks.append(try await access.services.known(spec.name).launch.networkConfiguration) } catch {}
        }
        for network in networks {
            let part = network?["awsvpcConfiguration"]
            subnets.formUnion((part?["subnets"]?.elements ?? []).compactMap(\.string))
            groups.formUnion((part?["securityGroups"]?.elements ?? []).compactMap(\.string))
        }
        let client = clients.network
        var findings: [Finding] = []
        if !subnets.isEmpty {
            findings.append(
                await present("subnets", subnets) { (ids) throws(AWSError) in try await client.absence(ofSubnets: ids) }
            )
        }
        if !groups.isEmpty {
            findings.append(
                await present("security groups", groups) { (ids) throws(AWSError) in
                    try await client.absence(ofSecurityGroups: ids)
                })
        }
        return findings
    }

    private func present(
        _ what: String, _ ids: Set<String>, _ absence: ([String]) async throws(AWSError) -> Untrusted?
    ) async -> Finding {
        let sorted = ids.sorted { $0.precedes($1) }
        do {
            if let absence = try await absence(sorted) {
                return .failure(
                    what, absence.description,
                    remedy: "correct the networkConfiguration, in your infrastructure code or the manifest")
            }
            return .good(what, "\(sorted.joined(separator: ", ")) exist")
        } catch {
            return .unknown(what, error)
        }
    }
}
