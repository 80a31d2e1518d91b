/// What is there before the first run: services on an image, a database at a version, images to go to.
public struct Landscape: Sendable {
    public struct Service: Sendable {
        public var name: String
        public var family: String
        public var count: Int
        /// Whether it is not there at the beginning, and manifests say how to create it.
        public var isNew: Bool

        public init(_ name: String, family: String = "shop", count: Int = 2, isNew: Bool = false) {
            self.isNew = isNew
            self.name = name
            self.family = family
            self.count = count
        }
    }

    public var services = [Service("web")]
    /// By tag.
    public var images = [
        "v1": ImageScript(version: "0001"), "v2": ImageScript(version: "0002"), "v3": ImageScript(version: "0003"),
    ]
    public var hasSchema = true
    /// Whether ECS gives up rollouts that fail, and whether it then goes back to what ran before.
    public var hasBreaker = true
    public var rollsBack = true
    /// How long a deployment that ECS has given up stays listed, in milliseconds.
    public var failureShown = 20_000

    public var deployment = Deployment.rolling
    public var hook = Hook.none
    /// Whether rolling deployments bake and watch an alarm, too.
    public var watchesAlarm = false

    /// Whether there is a second cluster in the same account, with services of the same names and families, and a database of
    /// the same name.
    public var hasStaging = false
    /// Whether UpdateService answers without the service's deployments.
    public var hidesDeployments = false
    /// Whether readings of a migration's task are answered with another migration's task, for some seconds.
    public var swapsTask = false
    /// Whether migrations that are tasks run from a family of their own.
    public var hasMigrator = false
    /// Whether definitions have a second essential container, of an image that is not released.
    public var hasSidecar = false
    /// Whether a rule in each cluster starts tasks of the first service's family, and manifests name it.
    public var hasSchedule = false
    /// How late lines of logs can be read, in milliseconds.
    public var logDelay = 0

    public init() {}

    static let cluster = "prod"
    static let staging = "staging"
    var clusters: [String] { [Self.cluster] + (hasStaging ? [Self.staging] : []) }
    /// The family that only migrations run from.
    static let migrator = "shop-migrator"
    /// Of all definitions that a release may register.
    var families: [String] { services.map(\.family) + (hasMigrator ? [Self.migrator] : []) }
    static let account = "123456789012"
    static let region = "us-east-1"
    static let repository = "shop"
    static let database = "shop"
    /// The name of the second container.
    static let sidecar = "agent"
    /// A value that must be seen nowhere.
    static let canary = "canary-hunter2-secret"

    static var registry: String { "\(account).dkr.ecr.\(region).amazonaws.com" }

    /// A digest that tells the tag, so that traces can be read.
    static func digest(of tag: String) -> String {
        let code = tag.utf8.map { String($0, radix: 16) }.joined()
        return "sha256:" + code + String(repeating: "0", count: 64 - code.count)
    }
}
