import Foundation
import Glibc
import Support
import Testing

/// One PostgreSQL server for all tests of this process.
struct Postgres: Sendable {
    let port: Int
    /// With everything in it that a URL or a shell could stumble over, but a space: Liquibase 4.6.1 takes none.
    static let password = "p@ss/w%rd?'#:\\$x"

    private let watchdog: Child

    struct DidNotStart: Error, CustomStringConvertible {
        let description: String
    }

    private static let started = Task { try await Postgres() }

    static var shared: Postgres {
        get async throws { try await started.value }
    }

    private init() async throws {
        port = try Ports.free()
        // The kernel closes this end when the process ends, and then the script ends the server. It is opened for
        // reading, too, because to open a pipe for writing waits for a reader.
        let pipe = try Scratch.folder("postgres") + "/pipe"
        guard mkfifo(pipe, 0o600) == 0, open(pipe, O_RDWR | O_CLOEXEC) >= 0 else {
            throw DidNotStart(description: "no pipe to hold open")
        }
        let script = Project.root + "/Tests/FrameworkTests/postgres"
        watchdog = try Child(script, [String(port), Self.password, pipe])
        let patience = Patience()
        while !watchdog.output.hasSuffix("ready\n") {
            guard watchdog.isRunning, !patience.isOver else { throw DidNotStart(description: watchdog.output) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// A database of a test's own.
struct Database: Sendable {
    /// What an image's programs get of it.
    let environment: [String: String]

    init() async throws {
        let name = "db_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let server = try await Postgres.shared
        let login = [
            "PGHOST": "127.0.0.1", "PGPORT": String(server.port), "PGUSER": "app", "PGPASSWORD": Postgres.password,
            "PGSSLMODE": "disable",
        ]
        environment = login.merging(["PGDATABASE": name]) { $1 }
        let created = try await Outcome.of(
            "psql", ["--no-psqlrc", "--dbname", "postgres", "--command", "CREATE DATABASE \(name)"], environment: login)
        try #require(created.exit == 0, "\(created.error)")
    }

    /// The rows that a query finds, with `|` between the columns.
    func query(_ query: String) async throws -> [String] {
        let outcome = try await Outcome.of(
            "psql", ["--no-psqlrc", "--tuples-only", "--no-align", "--command", query], environment: environment)
        try #require(outcome.exit == 0, "\(outcome.error)")
        return outcome.out.split(separator: "\n").map(String.init)
    }

    /// All columns of all tables that are not the server's own.
    var structure: [String] {
        get async throws {
            try await query(
                """
                SELECT table_schema, table_name, column_name FROM information_schema.columns
                WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3
                """)
        }
    }

    /// Starts a program that holds the lock of the examples, and tells its process in the server. It ends with that.
    func holder() async throws -> String {
        let holder = try Child(
            "psql", ["-c", "SELECT pg_advisory_lock(hashtext('db-migrate'))", "-c", "SELECT pg_sleep(3600)"],
            environment: environment)
        // The test may not need it any more, and it must not end by that.
        Task { _ = await holder.end() }
        let patience = Patience()
        while true {
            let found = try await query(
                """
                SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
                WHERE locktype = 'advisory' AND granted AND datname = current_database()
                """)
            if let process = found.first { return process }
            try #require(!patience.isOver && holder.isRunning, "nobody took the lock: \(holder.output)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until so many programs have a connection to it.
    func connections(_ count: Int) async throws {
        let patience = Patience()
        while try await query(
            """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """
        ).count < count {
            try #require(!patience.isOver, "\(count) connections did not come")
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
