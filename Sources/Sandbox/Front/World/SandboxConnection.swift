import AWS
import Glibc
import JSON

/// How a running sandbox is reached. It stands in a file of its folder that only its user can read, so that another command
/// of that user can call the same one.
public struct SandboxConnection: Sendable, Equatable {
    /// `http://127.0.0.1:PORT`
    public let endpoint: String
    public let region: String
    public let credentials: Credentials

    public init(endpoint: String, region: String, credentials: Credentials) {
        self.endpoint = endpoint
        self.region = region
        self.credentials = credentials
    }

    /// How the sandbox that runs on a folder is reached; nil where none does.
    public static func current(in directory: String) -> SandboxConnection? {
        guard let bytes = try? FileTree.read(path(in: directory)), let json = try? JSON.parse(bytes) else { return nil }
        return SandboxConnection(json)
    }

    func write(in directory: String) throws(FileError) {
        try FileTree.replace(Self.path(in: directory), with: Array(json.compact.utf8))
    }

    static func remove(in directory: String) { unlink(path(in: directory)) }

    private static func path(in directory: String) -> String { "\(directory)/connection.json" }

    public var json: JSON {
        [
            "endpoint": .string(endpoint), "region": .string(region),
            "accessKeyID": .string(credentials.accessKeyID), "secretAccessKey": .string(credentials.secretAccessKey),
        ]
    }

    private init?(_ json: JSON) {
        guard let endpoint = json["endpoint"]?.string, let region = json["region"]?.string,
            let name = json["accessKeyID"]?.string, let secret = json["secretAccessKey"]?.string
        else { return nil }
        self.init(
            endpoint: endpoint, region: region,
            credentials: Credentials(accessKeyID: name, secretAccessKey: secret))
    }
}
