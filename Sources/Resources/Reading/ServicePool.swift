import AWS
import Base

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

    /// Names that are read together, as soon as the pause of whoever came first is over.
    private struct Gathering {
        var names: Set<String>
        var waiters: [CheckedContinuation<Result<[String: ECSService], Failure>, Never>] = []
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
        let batches = ServiceCall.batches(Array(Set(names)).sorted { $0.precedes($1) })
        for start in stride(from: 0, to: batches.count, by: Self.width) {
            let wave = batches[start..<min(start + Self.width, batches.count)]
            await withTaskGroup(of: (names: [String], found: [String: ECSService]?).self) { group in
                for batch in wave {
                    group.addTask { [client, cluster] in (batch, await Self.found(batch, cluster, client)) }
                }
                for await (names, found) in group {
                    if let found { for name in names { ahead.updateValue(found[name], forKey: name) } }
                }
            }
        }
    }

    private static func found(_ batch: [String], _ cluster: String, _ client: ECSClient) async -> [String: ECSService]?
    {
        do { return try await ServiceCall.read(batch, of: cluster, client) } catch { return nil }
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
        if gathering != nil {
            gathering?.names.formUnion(names)
            return try await withCheckedContinuation { gathering?.waiters.append($0) }.get()
        }
        gathering = Gathering(names: Set(names))
        // A pause that was cut short ends the calls, too: they tell of it.
        do { try await pause() } catch {}
        let gathered = gathering ?? Gathering(names: Set(names))
        gathering = nil
        let answer: Result<[String: ECSService], Failure>
        do {
            let names = gathered.names.sorted { $0.precedes($1) }
            answer = .success(try await ServiceCall.readAll(names, of: cluster, client))
        } catch {
            answer = .failure(error)
        }
        for waiter in gathered.waiters { waiter.resume(returning: answer) }
        return try answer.get()
    }
}
