import AWS
public actor SandboxServer {
    public nonisolated let endpoint: Endpoint
    public nonisolated let credentials: Credentials
    public nonisolated let region: String
    init() throws { endpoint = try Endpoint("http://127.0.0.1:1"); credentials = Credentials(accessKeyID: "", secretAccessKey: ""); region = "" }
    public static func start(directory: String, port: UInt16) async throws -> SandboxServer { try SandboxServer() }
    public func stop() async {}
}
