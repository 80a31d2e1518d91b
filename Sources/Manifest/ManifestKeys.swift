/// The keys that each object of a manifest may have, in the order in which documentation lists them.
enum ManifestKeys {
    static let root = [
        "$schema", "apiVersion", "environment", "region", "cluster", "image", "taskDefinition", "schema", "services",
        "sources",
    ]
    static let image = ["repository", "tag", "digest", "pin"]
    static let taskDefinition = ["file", "definition", "base", "container", "containers", "allowUnknown"]
    static let schema = ["database", "version", "order", "accepts", "migrate", "probe", "after"]
    static let migrate = [
        "runner", "function", "command", "environment", "taskRoleArn", "timeout", "rerunnable", "log", "service",
        "launchType",
        "capacityProviderStrategy", "platformVersion", "networkConfiguration", "placementConstraints",
    ]
    /// Those of `migrate` that say how an ECS task is run, and nothing to any other runner.
    static let task = [
        "taskRoleArn", "log", "launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration",
        "placementConstraints",
    ]
    static let probe = ["command", "pattern"]
    static let after = ["version", "command", "environment", "timeout", "rerunnable"]
    static let service = [
        "name", "desiredCount", "timeout", "container", "deploymentConfiguration", "networkConfiguration",
    ]
    static let sources = ["tfstate"]

    /// Where a key belongs that stands in another place.
    static func home(of key: String) -> String? {
        let sections = [
            ("image", image), ("taskDefinition", taskDefinition), ("schema", schema), ("schema.migrate", migrate),
            ("services[…]", service),
        ]
        let homes =
            (root.contains(key) ? ["the manifest itself"] : [])
            + sections.filter { $0.1.contains(key) }.map(\.0)
        return homes.isEmpty ? nil : homes.joined(separator: " or ")
    }
}
