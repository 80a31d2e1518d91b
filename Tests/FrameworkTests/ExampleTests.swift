import Foundation
import Support
import Testing

/// What else the examples promise.
@Suite("Examples")
struct ExampleTests {
    private static let folder = Project.root + "/examples/frameworks"

    private static func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
    }

    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test("every example is one that is tested")
    func complete() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
        #expect(Set(folders) == Set(Framework.all.map(\.name) + ["iam-auth"]))
    }

    @Test(
        "the versions in the examples' requirements are those that the tests run",
        arguments: ["alembic", "django", "yoyo"])
    func pins(_ name: String) throws {
        let tested = Self.lines(
            try String(
                contentsOfFile: Project.root + "/Tests/FrameworkTests/requirements.txt", encoding: .utf8))
        for line in Self.lines(try Self.read(name + "/requirements.txt")) {
            #expect(tested.contains(line.replacing("[binary]", with: "")), "\(line)")
        }
    }

    @Test(
        "a Dockerfile names versions, puts the programs on the PATH, and leaves neither root nor an entry point",
        arguments: Framework.all)
    func dockerfile(_ framework: Framework) throws {
        let lines = Self.lines(try Self.read(framework.name + "/Dockerfile"))
        let bases = lines.filter { $0.hasPrefix("FROM ") }
        #expect(bases.allSatisfy { $0.contains(#/:v?\d+\.\d+/#) }, "\(bases)")
        #expect(lines.contains { $0.hasPrefix("ENV PATH=/app/bin:") })
        #expect(["USER nobody", "USER node", "USER liquibase"].contains(lines.last))
        // Those of the tools' makers have one.
        let isMakers = bases.last?.contains("liquibase/") == true || bases.last?.contains("flyway/") == true
        #expect(lines.contains("ENTRYPOINT []") == isMakers)
    }
}

/// `with-iam-auth`. Tokens are made without a call to AWS, so the real command line makes them.
@Suite("IAM tokens")
struct TokenTests {
    private static let program = Project.root + "/examples/frameworks/iam-auth/bin/with-iam-auth"

    private static func run(_ command: [String], _ environment: [String: String]) async throws -> Outcome {
        try #require(ForeignServer.isThere("aws"), "aws is missing: scripts/test installs it, and puts it on the PATH")
        let usual = [
            "PGHOST": "db.example.com", "PGUSER": "migrator", "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_CONFIG_FILE": "/dev/null",
        ]
        return try await Outcome.of(program, command, environment: usual.merging(environment) { $1 })
    }

    @Test("the command gets a token for its host, port and user, and a connection that checks the server")
    func token() async throws {
        let show = "echo \"$PGPASSWORD\"; echo \"$PGPORT $PGSSLMODE $PGSSLROOTCERT\"; exit 7"
        let outcome = try await Self.run(["sh", "-c", show], [:])
        #expect(outcome.exit == 7, "\(outcome.error)")
        let lines = outcome.out.split(separator: "\n").map(String.init)
        let token = try #require(lines.first)
        #expect(token.hasPrefix("db.example.com:5432/?"))
        #expect(token.contains("Action=connect") && token.contains("DBUser=migrator"))
        #expect(token.contains("X-Amz-Expires=900") && token.contains("X-Amz-Signature="))
        #expect(lines.dropFirst() == ["5432 verify-full /etc/ssl/certs/rds-global-bundle.pem"])
        #expect(!outcome.error.contains("X-Amz-Signature"))
    }

    @Test("it says nothing itself, the token least of all")
    func silence() async throws {
        let outcome = try await Self.run(["true"], [:])
        #expect(outcome.exit == 0)
        #expect(outcome.out + outcome.error == "")
    }

    @Test("without credentials the command is not run")
    func denied() async throws {
        let outcome = try await Self.run(["echo", "run"], ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""])
        #expect(outcome.exit != 0)
        #expect(outcome.out == "")
        #expect(outcome.error.contains("credentials"))
    }
}
