import JSON

/// The rules of Amazon ECS as a value: no clock, no randomness, no processes.
///
/// Whoever holds it passes the time in, carries out its effects, and tells it what became of them. Two models that were
/// given the same calls in the same order are equal. All times are milliseconds since 1970.
public struct ECSModel: Sendable, Equatable {
    public let account: String
    public let region: String
    public var limits: Limits
    /// Grows whenever something changes that outlives a restart: what ``snapshot`` holds.
    public internal(set) var stateVersion = 0

    var clusters: [String: ClusterRecord] = [:]
    var families: [String: FamilyRecord] = [:]
    var identifiers: Identifiers
    var addresses: AddressPool
    /// How many tasks were ever created.
    var taskCount = 0
    /// Up to when everything that was due has happened.
    var clock = 0
    /// The CloudWatch alarms that are in the state ALARM.
    var alarms: Set<String> = []
    /// The services that must look at their tasks.
    var touched: Set<ServicePlace> = []
    /// What is to be done and was not handed out yet.
    var effects: [Effect] = []

    /// - Parameter seed: what all ids are derived from.
    public init(account: String, region: String, seed: String, limits: Limits = Limits()) {
        self.account = account
        self.region = region
        self.limits = limits
        identifiers = Identifiers(seed: seed)
        addresses = AddressPool(start: identifiers.offset(below: AddressPool.size))
    }

    var naming: Naming { Naming(account: account, region: region) }

    /// Answers one call.
    ///
    /// - Parameter operation: the name in `X-Amz-Target` after the dot.
    public mutating func handle(_ operation: String, _ input: JSON, at now: Int) -> Result<JSON, ECSFault> {
        elapse(to: now)
        // A refused call leaves nothing behind.
        let before = self
        do {
            let answer = try perform(operation, Input(input), at: now)
            scheduleTouched(at: now)
            return .success(answer)
        } catch {
            self = before
            return .failure(error)
        }
    }

    /// Lets time pass.
    ///
    /// - Returns: what is to be done now, in order. Everything is returned once.
    public mutating func advance(to now: Int) -> [Effect] {
        elapse(to: now)
        defer { effects = [] }
        return effects
    }

    /// Takes news of a process.
    public mutating func report(_ event: ProcessEvent, at now: Int) {
        elapse(to: now)
        guard var task = clusters[event.key.cluster]?.tasks[event.key.task] else { return }
        effects += task.take(event, at: now, limits)
        store(task, in: event.key.cluster, at: now)
        scheduleTouched(at: now)
    }

    /// Takes a lifecycle hook's answer.
    public mutating func report(_ answer: HookAnswer, of hook: String, at now: Int) {
        elapse(to: now)
        take(answer, of: hook, at: now)
        scheduleTouched(at: now)
    }

    /// Says which CloudWatch alarms are in the state ALARM.
    public mutating func sound(_ alarms: Set<String>, at now: Int) {
        guard alarms != self.alarms else { return }
        elapse(to: now)
        self.alarms = alarms
        for (name, cluster) in clusters {
            for service in cluster.services.keys { touch(service, in: name) }
        }
        scheduleTouched(at: now)
    }

    /// When ``advance(to:)`` has something to do next; at once where effects wait, nil where only news can change anything.
    public func nextWake(after now: Int) -> Int? {
        effects.isEmpty && touched.isEmpty ? nextChange.map { max($0, now) } : now
    }

    private mutating func perform(_ operation: String, _ input: Input, at now: Int) throws(ECSFault) -> JSON {
        switch operation {
        case "CreateCluster": try createCluster(input)
        case "DescribeClusters": try describeClusters(input)
        case "ListClusters": try listClusters(input)
        case "RegisterTaskDefinition": try registerTaskDefinition(input, at: now)
        case "DescribeTaskDefinition": try describeTaskDefinition(input)
        case "ListTaskDefinitions": try listTaskDefinitions(input)
        case "ListTaskDefinitionFamilies": try listTaskDefinitionFamilies(input)
        case "DeregisterTaskDefinition": try deregisterTaskDefinition(input, at: now)
        case "CreateService": try createService(input, at: now)
        case "UpdateService": try updateService(input, at: now)
        case "DeleteService": try deleteService(input, at: now)
        case "DescribeServices": try describeServices(input)
        case "ListServices": try listServices(input)
        case "DescribeServiceRevisions": try describeServiceRevisions(input)
        case "ListServiceDeployments": try listServiceDeployments(input)
        case "DescribeServiceDeployments": try describeServiceDeployments(input)
        case "StopServiceDeployment": try stopServiceDeployment(input, at: now)
        case "ContinueServiceDeployment": try continueServiceDeployment(input, at: now)
        case "RunTask": try runTask(input, at: now)
        case "StopTask": try stopTask(input, at: now)
        case "DescribeTasks": try describeTasks(input)
        case "ListTasks": try listTasks(input)
        case "TagResource": try tagResource(input)
        case "UntagResource": try untagResource(input)
        case "ListTagsForResource": try listTagsForResource(input)
        default: throw .unknownOperation(operation)
        }
    }
}

/// Where a service is.
struct ServicePlace: Sendable, Hashable, Comparable {
    let cluster: String
    let name: String

    static func < (left: ServicePlace, right: ServicePlace) -> Bool {
        left.cluster == right.cluster ? left.name.precedes(right.name) : left.cluster.precedes(right.cluster)
    }
}
