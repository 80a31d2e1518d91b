/// A place of secrets. Nothing of a value is ever read.
///
/// (ECS API Reference, Secret: an ARN, or the name of a parameter in the task's region. An ARN of Secrets Manager may end with a
/// JSON key, a version stage and a version.)
struct SecretPlace: Sendable, Hashable {
    enum Store { case secretsManager, parameters }

    let store: Store
    /// As the store knows it.
    let id: String
    /// nil for a parameter that is named without its account and region.
    let arn: String?
    let region: String?
    let account: String?
    let stage: String?
    let version: String?

    init(_ reference: String) {
        let parts = reference.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isARN = parts.count >= 6 && parts[0] == "arn"
        func part(_ index: Int) -> String? { parts.count > index && !parts[index].isEmpty ? parts[index] : nil }
        region = isARN ? part(3) : nil
        account = isARN ? part(4) : nil
        if isARN, parts[2] == "secretsmanager" {
            store = .secretsManager
            id = parts.prefix(7).joined(separator: ":")
            arn = id
            (stage, version) = (part(8), part(9))
        } else {
            store = .parameters
            let name = isARN ? String(parts[5...].joined(separator: ":").dropFirst("parameter".count)) : reference
            // The ARN has a slash more where the name has none.
            id = isARN && name.split(separator: "/").count == 1 ? String(name.dropFirst()) : name
            arn = isARN ? reference : nil
            (stage, version) = (nil, nil)
        }
    }

    /// Without the rest of its ARN.
    var name: String { store == .secretsManager ? id.split(separator: ":").last.map(String.init) ?? id : id }

    var action: String { store == .secretsManager ? "secretsmanager:GetSecretValue" : "ssm:GetParameters" }
}
