import JSON
import Sandbox
import Synchronization
import Time

@testable import AWS
@testable import Reconciler
@testable import Resources

/// The sandbox's model as the server, without a network; a test may change what it shows.
final class ModelServer: Transport {
    private let model: Mutex<AWSModel>
    private let edit: @Sendable (_ operation: String, _ answer: inout JSON) -> Void
    private let seen = Mutex<[String]>([])

    /// All operations that were called, in order.
    var calls: [String] { seen.withLock { $0 } }

    /// A service `web` of a family whose image is `app:v0`.
    private static let usual: [(String, JSON)] = [
        (
            "RegisterTaskDefinition",
            ["family": "app", "containerDefinitions": [["name": "app", "image": .string("\(repository):v0")]]]
        ),
        ("CreateService", ["cluster": "test", "serviceName": "web", "taskDefinition": "app", "desiredCount": 2]),
    ]

    /// A cluster `test`; the image `app:v1` is there, too.
    ///
    /// - Parameter calls: what makes the world; nil for a service `web` of a family whose image is `app:v0`.
    init(
        _ calls: [(String, JSON)]? = nil,
        edit: @escaping @Sendable (_ operation: String, _ answer: inout JSON) -> Void
    ) throws {
        self.edit = edit
        var model = AWSModel(ecs: ECSModel(account: "123456789012", region: "us-east-1", seed: "test"))
        model.images.repositories = ["app": ["v1": "sha256:" + String(repeating: "1", count: 64)]]
        let calls = [("CreateCluster", ["clusterName": "test"])] + (calls ?? Self.usual)
        for (operation, input) in calls { _ = try model.handle(.ecs, operation, input, at: Self.start).get() }
        self.model = Mutex(model)
    }

    static let repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"
    private static let start = Int(RunnerFixture.began.seconds) * 1_000

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let target = request.headers.first { $0.name.lowercased() == "x-amz-target" }?.value.split(separator: ".") ?? []
        let service = AWSModel.Service.allCases.first { $0.targetPrefix.map { $0 == target.first ?? "" } ?? false }
        guard let service, let operation = target.last.map(String.init) else {
            throw TransportError(.broken, "no target")
        }
        seen.withLock { $0.append(operation) }
        var result: Result<JSON, ECSFault>
        do {
            let input = try JSON.parse(request.body)
            result = model.withLock { $0.handle(service, operation, input, at: Self.start) }
        } catch {
            throw TransportError(.broken, "\(error)")
        }
        if case .success(var answer) = result {
            edit(operation, &answer)
            result = .success(answer)
        }
        return Answer.json(result, id: "r", at: RunnerFixture.began)
    }

    var caller: Caller {
        Caller(
            settings: Settings(
                region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s")),
            transport: self, clock: ServerClock(machine: { RunnerFixture.began }, elapsed: { .zero }))
    }

    /// - Parameter service: members of the manifest's service.
    func converger(_ service: JSON, in context: Context) async throws -> Converger {
        var named: JSON = ["name": "web"]
        for member in service.object?.members ?? [] { named[member.key] = member.value }
        let manifest: JSON = [
            "apiVersion": "reconcile/v1", "environment": "test", "cluster": "test", "region": "us-east-1",
            "image": ["repository": .string(Self.repository), "tag": "v1"],
            "schema": ["database": "main", "version": "1"], "services": [named],
        ]
        let assembled = try await Assembly(
            try ManifestTests.load(manifest.compact), clients: Clients(caller),
            processes: ProcessRunnerTests.Machine(), in: context
        ).assemble()
        return Converger(assembled.graph, in: context)
    }
}
