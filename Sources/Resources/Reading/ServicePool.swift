import AWS
import Reconciler

/// Reads the services of one cluster for many manifests: ten names to a call, whoever asks for them.
///
/// A fleet's first look is read ahead. Later looks that come at about the same time share their calls.
public actor ServicePool {
    private let client: ECSClient
    private let cluster: String
    private let pause: @Sendable () async throws -> Void
    /// What was read ahead, and was not handed out yet.
    private var ahead: [String: ECSService?] = [:]
    private var gathering: Gathering?

    /// Names that are read together, as soon as the pause is over.
    private struct Gathering {
        var names: Set<String>
        let reading: Task<Result<[String: ECSService], Failure>, Never>
    }

    /// How many calls are under way at once when a fleet is read ahead.
    private static let width = 8

    /// - Parameter pause: returns after the moment in which readings of several manifests are gathered.
    public init(_ client: ECSClient, cluster: String, pause: @escaping @Sendable () async throws -> Void) {
        self.client = client
        self.cluster = cluster
        self.pause = pause
    }

    /// Reads services ahead. What fails is left out: whoever needs it meets the failure himself.
    public func readAhead(_ names: [String]) async {
        var batches = ServiceCall.batches(Array(Set(names)).sorted { $0.precedes($1) })[...]
        await withTaskGroup(of: ([String], [String: ECSService]?).self) { group in
            func begin() {
                guard let batch = batches.popFirst() else { return }
                group.addTask { [client, cluster] in
                    do { return (batch, try await ServiceCall.read(batch, of: cluster, client)) } catch {
                        return (batch, nil)
                    }
                }
            }
            for _ in 0..<Self.width { begin() }
            while let (batch, found) = await group.next() {
                if let found { for name in batch { ahead.updateValue(found[name], forKey: name) } }
                begin()
            }
        }
    }

    /// The desired count of a service that was read ahead.
    public func desiredCount(ahead name: String) -> Int? { ahead[name]??.desiredCount }

    /// Services as they are now, or as they were when the fleet was read ahead, once.
    func read(_ names: [String]) async throws(Failure) -> [String: ECSService] {
        if names.allSatisfy({ ahead[$0] != nil }) {
            var found: [String: ECSService] = [:]
            for name in names {
                if let service = ahead.removeValue(forKey: name) ?? nil { found[name] = service }
            }
            return found
        }
        let reading = gather(names)
        let answer = await withTaskCancellationHandler {
            await reading.value
        } onCancel: {
            reading.cancel()
        }
        let all = try answer.get()
        return all.filter { names.contains($0.key) }
    }

    private func gather(_ names: [String]) -> Task<Result<[String: ECSService], Failure>, Never> {
        if gathering != nil {
            gathering?.names.formUnion(names)
        } else {
            gathering = Gathering(names: Set(names), reading: Task { await self.readGathered() })
        }
        return gathering?.reading ?? Task { .success([:]) }
    }

    private func readGathered() async -> Result<[String: ECSService], Failure> {
        // A pause that was cut short ends the calls, too: they tell of it.
        do { try await pause() } catch {}
        let names = gathering?.names ?? []
        gathering = nil
        do {
            var found: [String: ECSService] = [:]
            for batch in ServiceCall.batches(names.sorted { $0.precedes($1) }) {
                found.merge(try await ServiceCall.read(batch, of: cluster, client)) { $1 }
            }
            return .success(found)
        } catch {
            return .failure(error)
        }
    }
}

/// One DescribeServices, with what can be wrong with it.
enum ServiceCall {
    /// As many names as one call takes (ECS API Reference, DescribeServices).
    static func batches(_ names: [String]) -> [[String]] {
        stride(from: 0, to: names.count, by: 10).map { Array(names[$0..<min($0 + 10, names.count)]) }
    }

    /// - Parameter names: of one batch.
    static func read(
        _ names: [String], of cluster: String, _ client: ECSClient
    ) async throws(Failure) -> [String: ECSService] {
        do {
            let answer = try await client.describeServices(cluster: cluster, names: names)
            return Dictionary(answer.services.map { ($0.name, $0) }) { $1 }
        } catch {
            if error.code == "ClusterNotFoundException" {
                throw Failure(
                    .clusterMissing, "there is no cluster \(cluster)",
                    hint: "check \"cluster\" and \"region\" in the manifest, and whose account the credentials are of",
                    cause: [error.description])
            }
            throw .aws(reading: error, names.first.map { ResourceID("service", $0) }, "read the services of \(cluster)")
        }
    }
}
