import AWS
import Base
import JSON

/// Reads the services of one manifest and hands each reading to whoever asks.
///
/// No one is given the same reading twice: the first resource of a look that asks again makes a new one, and the others of
/// that look share it. A write makes the reading stale for all; what it answered is the next reading of its own service, so that
/// a manifest of many services is not read whole after each update.
public actor ServiceReader {
    private let client: ECSClient
    private let cluster: String
    private let clock: EngineClock?
    nonisolated let names: [String]
    private let pool: ServicePool?
    /// How services are created that are not there, in the shape of CreateService.
    private let creations: [String: JSON]
    private var latest: [String: ECSService] = [:]
    private var reading = 0
    private var isStale = true
    /// When the newest reading was made and how long that took, if it was made ahead of those who look: then it counts for a
    /// second, or for as long as it takes.
    private var ahead: (end: Duration, length: Duration)?
    /// The failure of the reading ahead: the next look throws it.
    private var failure: Failure?
    /// Services whose newest state came with an update's answer and was not read by a resource yet.
    private var answered: Set<String> = []
    /// Which reading each resource was given last.
    private var given: [ResourceID: Int] = [:]
    /// Those who wait for a reading ahead that is under way; nil if none is.
    private var waiters: [CheckedContinuation<Void, Never>]?

    /// - Parameters:
    ///   - clock: nil for one that reads nothing ahead.
    ///   - pool: shared with other manifests of the cluster.
    public init(
        _ client: ECSClient, cluster: String, names: [String], clock: EngineClock? = nil, pool: ServicePool? = nil,
        creations: [String: JSON] = [:]
    ) {
        self.clock = clock
        self.pool = pool
        self.creations = creations
        self.client = client
        self.cluster = cluster
        self.names = names
    }

    /// A service as it is now, for a resource that looks.
    func look(_ name: String, by resource: ResourceID) async throws(Failure) -> ECSService {
        if answered.remove(name) != nil { return try found(name) }
        if isDue(for: resource) { try await read() }
        given[resource] = reading
        return try found(name)
    }

    /// Makes the reading that a resource's next look would make. Who comes while it is under way waits for it.
    func readAhead(for resource: ResourceID) async {
        if answered.isEmpty, isDue(for: resource) { await refresh() }
    }

    private func isDue(for resource: ResourceID) -> Bool {
        isStale || given[resource] == reading || isOld
    }

    private var isOld: Bool {
        guard let clock, let ahead else { return false }
        return clock.elapsed() - ahead.end > max(.seconds(1), ahead.length)
    }

    /// Makes a new reading, for all who look next.
    func refresh() async {
        if waiters != nil { return await withCheckedContinuation { waiters?.append($0) } }
        waiters = []
        let start = clock?.elapsed() ?? .zero
        do {
            try await read()
            // What a pool hands out has no age of its own.
            if pool == nil, let clock { ahead = (clock.elapsed(), clock.elapsed() - start) }
        } catch {
            failure = error
        }
        for waiter in waiters ?? [] { waiter.resume() }
        waiters = nil
    }

    /// The newest reading, however old: for what does not change while a run goes on.
    func known(_ name: String) async throws(Failure) -> ECSService {
        if latest[name] == nil { try await read() }
        return try found(name)
    }

    /// Holds all readings for stale: something is about to be changed, and its answer may never come.
    func doubt() {
        isStale = true
        answered = []
    }

    /// Takes what an update answered, if that is whole, and holds all readings from before it for stale.
    func replace(_ service: ECSService) {
        if let primary = service.primary {
            latest[service.name] = service
            // That a rollout is over is never taken from the answer that began it.
            if primary.rolloutState == "IN_PROGRESS" { answered.insert(service.name) }
        }
        isStale = true
    }

    private func found(_ name: String) throws(Failure) -> ECSService {
        if let service = latest[name], service.status == "DRAINING" {
            throw Failure(
                .serviceUnsupported, "service \(name) is being deleted (DRAINING)", of: ResourceID("service", name),
                hint: creations[name] == nil
                    ? "wait until it is gone, then create it again with your infrastructure code"
                    : "wait until it is gone, then run the same command again: it is created")
        }
        guard let service = latest[name], service.status != "INACTIVE" else {
            throw Failure(
                .serviceMissing, "there is no service \(name) in cluster \(cluster)",
                of: ResourceID("service", name),
                hint:
                    "check \"cluster\", \"region\" and the service's name; or create it with your infrastructure code, or "
                    + "give services[].create in the manifest",
                cause: [
                    "infrastructure code creates it with aws_ecs_service (Terraform), AWS::ECS::Service (CloudFormation), or",
                    "  aws ecs create-service --cluster \(cluster) --service-name \(name) --task-definition FAMILY "
                        + "--desired-count 1",
                ])
        }
        // What another controller deploys may have no revision of its own: nothing can be read from it.
        if service.taskDefinition.isEmpty,
            let failure = ServiceSupport.failure(service, count: nil, of: ResourceID("service", name))
        {
            throw failure
        }
        return service
    }

    private func read() async throws(Failure) {
        if let failure {
            self.failure = nil
            throw failure
        }
        latest =
            if let pool { try await pool.read(names) } else {
                try await ServiceCall.readAll(names, of: cluster, client)
            }
        for (name, settings) in creations where !(latest[name].map(Self.isThere) ?? false) {
            latest[name] = try await absent(name, settings)
        }
        reading += 1
        answered = []
        isStale = false
        ahead = nil
    }

    /// Of one that is being deleted the name is not free yet.
    private static func isThere(_ service: ECSService) -> Bool { service.status != "INACTIVE" }

    private func absent(_ name: String, _ settings: JSON) async throws(Failure) -> ECSService {
        let clusterARN = try await clusterARN(name)
        do {
            return try ECSService(
                absent: name, clusterARN: clusterARN, settings: settings, after: latest[name], hiding: client.secrets)
        } catch { throw .aws(reading: error, ResourceID("service", name), "read how \(name) is created") }
    }

    /// From a service that is there, or from what ECS says of one that is not.
    private func clusterARN(_ name: String) async throws(Failure) -> String {
        if cluster.hasPrefix("arn:") { return cluster }
        if let other = latest.values.first { return other.clusterARN }
        return try await ServiceCall.clusterARN(cluster, askingFor: name, client)
    }
}
