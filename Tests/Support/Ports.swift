import Foundation
import Glibc
import Synchronization

/// Loopback ports for servers that tests start.
public enum Ports {
    private static let given = Mutex<Set<Int>>([])

    /// A port that no one listens on now, and that no other test of this process was given.
    public static func free() throws -> Int {
        while true {
            let port = try unused()
            if given.withLock({ $0.insert(port).inserted }) { return port }
        }
    }

    private static func unused() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return try Loopback.bind(descriptor)
    }

    /// Whether someone answers there.
    public static func isOpen(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return Loopback.connect(descriptor, to: port)
    }
}

/// Sockets on 127.0.0.1.
enum Loopback {
    /// Binds to a port that is free, and tells which.
    static func bind(_ descriptor: Int32) throws -> Int {
        let code = withAddress(port: 0) { Glibc.bind(descriptor, $0, $1) }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let told = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard code == 0, told == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    static func connect(_ descriptor: Int32, to port: Int) -> Bool {
        withAddress(port: port) { Glibc.connect(descriptor, $0, $1) } == 0
    }

    private static func withAddress(
        port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A server of other people's, started on a port of its own.
public final class ForeignServer: Sendable {
    public let child: Child
    public let url: String

    public struct DidNotStart: Error {
        let output: String
    }

    /// - Parameter start: makes the arguments and the environment from the port.
    public init(
        _ program: String, _ start: (Int) -> (arguments: [String], environment: [String: String])
    ) throws {
        let port = try Ports.free()
        let (arguments, environment) = start(port)
        child = try Child(program, arguments, environment: environment)
        url = "http://127.0.0.1:\(port)"
        let patience = Patience()
        while !Ports.isOpen(port) {
            guard child.isRunning, !patience.isOver else { throw DidNotStart(output: child.output) }
            // There is nothing to wait on but the port itself.
            usleep(20_000)
        }
    }

    public static func moto() throws -> ForeignServer {
        try ForeignServer("moto_server") { (["-H", "127.0.0.1", "-p", String($0)], [:]) }
    }

    public static func ministack() throws -> ForeignServer {
        try ForeignServer("ministack") { port in
            (
                [],
                [
                    "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": String(port), "IOT_MTLS_ENABLED": "0", "AUTH": "true",
                    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                ]
            )
        }
    }

    /// Servers that speak S3 and ignore conditions on writes: all of them, or only If-Match.
    ///
    /// - Parameter folder: an empty one, in which a folder is a bucket.
    public static func careless(_ program: String, _ folder: String) throws -> ForeignServer {
        try ForeignServer(program) { port in
            switch program {
            case "localbucket": ([folder, "--port", "\(port)"], [:])
            case "rclone": (["serve", "s3", folder, "--addr", "127.0.0.1:\(port)"], ["HOME": folder])
            default:
                (
                    ["serve", "--host", "127.0.0.1", "--port", "\(port)", "--data-dir", folder],
                    ["NANIO_ACCESS_KEY": "x", "NANIO_SECRET_KEY": "y"]
                )
            }
        }
    }

    /// A Ceph Object Gateway, with the key `test` and the secret `test`.
    ///
    /// - Parameters:
    ///   - script: starts it.
    ///   - folder: an empty one, for its files.
    public static func radosgw(_ script: String, _ folder: String) throws -> ForeignServer {
        try ForeignServer("python3") { port in ([script, "\(port)", folder], [:]) }
    }

    /// Whether the program is on the PATH; `scripts/test` puts it there.
    public static func isThere(_ program: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}
