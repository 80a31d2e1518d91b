import Base

/// An ECS cluster.
struct Cluster: Sendable, Equatable {
    /// As the manifest names it: a name or an ARN.
    let name: String
    /// As ECS names it: partition, account and region are in it.
    let arn: String
}

/// The names under which facts and intents are filed. A cluster's ARN has partition, account and region in it: so each is
/// complete, and what is known of a thing in one cluster is never taken for a thing of the same name in another.
enum Subject {
    static func schema(_ database: String, _ clusterARN: String) -> String {
        "\(Kind.schema)/\(clusterARN)/\(database)"
    }
    static func service(_ name: String, _ clusterARN: String) -> String { "\(Kind.service)/\(clusterARN)/\(name)" }
    /// - Parameter place: its bus or its group, and its name.
    static func schedule(_ place: String, _ clusterARN: String) -> String {
        "\(Kind.schedule)/\(clusterARN)/\(place)"
    }
    static func environment(_ name: String, _ clusterARN: String) -> String { "environment/\(clusterARN)/\(name)" }
    static func command(_ service: String, _ clusterARN: String) -> String {
        "\(Kind.command)/\(clusterARN)/\(service)"
    }
}
