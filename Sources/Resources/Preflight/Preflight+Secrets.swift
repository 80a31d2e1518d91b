import AWS
import Base
import JSON
import Manifest

/// Whether what a container gets as a secret exists, and whether the execution role may read it.
extension Preflight {
    func secrets(_ definitions: [CurrentDefinition]) async -> [Finding] {
        var findings: [Finding] = []
        var seen: Set<SecretPlace> = []
        for definition in definitions {
            let places = Self.places(in: definition.content)
            let role = definition.content.json["executionRoleArn"]?.string
            if !places.isEmpty, role == nil {
                findings.append(
                    .failure(
                        definition.name, "it has secrets and no executionRoleArn to read them with",
                        remedy: "give the task definition an execution role"))
            }
            for place in places where seen.insert(place).inserted { findings.append(await finding(place, role)) }
        }
        return findings
    }

    private static func places(in content: TaskDefinitionContent) -> [SecretPlace] {
        content.containers.flatMap { container -> [SecretPlace] in
            let listed =
                (container["secrets"]?.elements ?? [])
                + (container["logConfiguration"]?["secretOptions"]?.elements ?? [])
            let registry = container["repositoryCredentials"]?["credentialsParameter"]?.string
            return (listed.compactMap { $0["valueFrom"]?.string } + [registry].compactMap(\.self)).map(SecretPlace.init)
        }
    }

    private func finding(_ place: SecretPlace, _ role: String?) async -> Finding {
        let subject = "secret \(place.name)"
        if let account = place.account, let own = identity?.account, account != own {
            return .unchecked(subject, "it is in another account than the credentials, \(account)")
        }
        do {
            if let complaint = try await complaint(place) {
                return .failure(
                    subject, "\(complaint): ECS starts no container with it",
                    remedy: "create it, or correct valueFrom in the task definition")
            }
        } catch {
            return .unknown(subject, error)
        }
        guard let role, let arn = place.arn ?? parameterARN(place) else { return .good(subject, "it exists") }
        do {
            let denied = try await clients.iam.denied([place.action], of: roleARN(role), on: arn)
            guard denied.isEmpty else {
                return .failure(
                    subject, "it exists, and the execution role may not read it",
                    remedy: "allow \(place.action) on \(arn) to \(role)")
            }
            return .good(subject, "it exists, and the execution role may read it")
        } catch {
            if error.isUnsupported {
                return .unchecked(subject, "it exists; this endpoint does not have \(error.operation)")
            }
            return .unchecked(
                subject, "it exists; whether the execution role may read it is not known (\(error.description))",
                remedy: "allow iam:SimulatePrincipalPolicy to the credentials in use to have it checked")
        }
    }

    /// What is wrong with it; nil where nothing is.
    private func complaint(_ place: SecretPlace) async throws(AWSError) -> String? {
        guard place.store == .secretsManager else {
            return try await clients.secretStores.hasParameter(place.id, region: place.region)
                ? nil : "it does not exist"
        }
        guard let secret = try await clients.secretStores.secret(place.id, region: place.region) else {
            return "it does not exist"
        }
        if secret.isDeleted { return "it is scheduled for deletion" }
        let stages = secret.versions.values.flatMap(\.self)
        if let stage = place.stage, !stages.contains(stage) { return "no version of it has the stage \(stage)" }
        if let version = place.version, secret.versions[version] == nil { return "it has no version \(version)" }
        return nil
    }

    /// Of a parameter that is named without its place.
    private func parameterARN(_ place: SecretPlace) -> String? {
        let parts = access.cluster.arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 5, place.store == .parameters else { return nil }
        let name = place.id.hasPrefix("/") ? place.id : "/" + place.id
        return "arn:\(parts[1]):ssm:\(parts[3]):\(parts[4]):parameter\(name)"
    }

    private func roleARN(_ role: String) -> String { PolicyMaker.arn(ofRole: role, access.cluster) }
}
