import AWS
import Base
import JSON
import Manifest

/// Whether what a container gets as a secret exists, and whether the execution role may read it.
extension Preflight {
    /// A place of secrets. Nothing of its value is ever read.
    struct SecretPlace: Sendable, Hashable {
        enum Store { case secretsManager, parameters }

        let store: Store
        /// As the store knows it.
        let id: String
        /// nil for a parameter that is named without its account and region.
        let arn: String?
        let region: String?

        /// (ECS API Reference, Secret: an ARN, or the name of a parameter in the task's region. An ARN of Secrets Manager may end
        /// with a JSON key, a version stage and a version.)
        init(_ reference: String) {
            let parts = reference.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            let isARN = parts.count >= 6 && parts[0] == "arn"
            region = isARN ? parts[3] : nil
            if isARN, parts[2] == "secretsmanager" {
                store = .secretsManager
                id = parts.prefix(7).joined(separator: ":")
                arn = id
            } else {
                store = .parameters
                let name = isARN ? String(parts[5...].joined(separator: ":").dropFirst("parameter".count)) : reference
                // The ARN has a slash more where the name has none.
                id = isARN && name.split(separator: "/").count == 1 ? String(name.dropFirst()) : name
                arn = isARN ? reference : nil
            }
        }

        /// Without the rest of its ARN.
        var name: String { store == .secretsManager ? id.split(separator: ":").last.map(String.init) ?? id : id }

        var action: String { store == .secretsManager ? "secretsmanager:GetSecretValue" : "ssm:GetParameters" }
    }

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
        do {
            let isThere =
                switch place.store {
                case .secretsManager: try await clients.secretStores.hasSecret(place.id, region: place.region)
                case .parameters: try await clients.secretStores.hasParameter(place.id, region: place.region)
                }
            guard isThere else {
                return .failure(
                    subject, "it does not exist: ECS starts no container with it",
                    remedy: "create it, or correct valueFrom in the task definition")
            }
        } catch {
            return .unknown(subject, error)
        }
        guard let role, let arn = place.arn else { return .good(subject, "it exists") }
        do {
            let denied = try await clients.iam.denied([place.action], of: role, on: arn)
            guard denied.isEmpty else {
                return .failure(
                    subject, "it exists, and the execution role may not read it",
                    remedy: "allow \(place.action) on \(arn) to \(role)")
            }
            return .good(subject, "it exists, and the execution role may read it")
        } catch {
            return .unchecked(
                subject, "it exists; whether the execution role may read it is not known (\(error.description))",
                remedy: "allow iam:SimulatePrincipalPolicy to the credentials in use to have it checked")
        }
    }
}
