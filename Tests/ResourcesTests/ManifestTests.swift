import Testing

@testable import Base
@testable import Manifest
@testable import Resources

@Suite("A manifest")
struct ManifestTests {
    static func load(
        _ text: String, path: String = "manifest.json", files: [String: String] = [:], overrides: Overrides = .init(),
        variables: [String: String] = [:], environment: [String: String] = [:]
    ) throws(Failure) -> Manifest {
        try ManifestLoader(
            variables: Variables(environment: environment, variables: variables), overrides: overrides,
            read: { (name) throws(Failure) in
                if name == path { return Array(text.utf8) }
                guard let file = files[name] else {
                    throw Failure(.manifestUnreadable, "\(name) cannot be read: No such file", hint: "check the path")
                }
                return Array(file.utf8)
            }
        ).load(path)
    }

    /// What is wrong with a manifest, a line for each problem.
    static func problems(
        _ text: String, path: String = "manifest.json", files: [String: String] = [:], overrides: Overrides = .init(),
        variables: [String: String] = [:]
    ) -> [String] {
        do {
            _ = try load(text, path: path, files: files, overrides: overrides, variables: variables)
            return []
        } catch {
            return error.problems.map { "\($0.place): \($0.message)" + ($0.hint.map { " (\($0))" } ?? "") }
        }
    }

    static let full = """
        {
          "$schema": "manifest.schema.json",
          "apiVersion": "reconcile/v1",
          "environment": "checkout-prod",
          "region": "us-east-1",
          "cluster": "prod",
          "image": { "repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/checkout", "tag": "v2" },
          "taskDefinition": { "file": "taskdef.json", "container": "app" },
          "schema": {
            "database": "checkout", "version": "0002", "order": "integer", "accepts": "at-least",
            "migrate": { "runner": "ecs-task", "command": ["db-migrate", "up"], "environment": { "DB_USER": "migrator" },
                         "taskRoleArn": "arn:aws:iam::123456789012:role/migrator", "timeout": "90s", "rerunnable": true },
            "probe": { "command": ["db-version"] }
          },
          "services": [ { "name": "web", "desiredCount": 2, "timeout": "2h" }, { "name": "worker" } ]
        }
        """
    static let taskdef = #"{"family": "checkout", "containerDefinitions": [{"name": "app", "memory": 128}]}"#

    @Test("tells its environment also where the rest is left to the command line, or is wrong")
    func environmentAlone() throws {
        func name(_ text: String) throws(Failure) -> String {
            try ManifestHead(
                "manifest.json",
                variables: Variables(environment: ["STAGE": "prod"], variables: [:]),
                read: { (_) throws(Failure) in Array(text.utf8) }
            ).environment()
        }
        #expect(try name(#"{"environment": "shop-${env:STAGE}", "image": {}, "unknown": 1}"#) == "shop-prod")
        for (text, problem) in [
            ("{}", "the manifest needs the key \"environment\""),
            ("[]", "the manifest must be an object, a list found"),
            (#"{"environment": "${env:NONE}"}"#, "the environment variable NONE is not set"), ("{", ""),
        ] {
            let failure = #expect(throws: Failure.self) { try name(text) }
            #expect(failure?.code == .manifestInvalid)
            #expect(failure?.problems.first?.message.hasPrefix(problem) == true, "\(failure?.problems ?? [])")
        }
    }

    @Test("is read in full")
    func full() throws {
        let manifest = try Self.load(Self.full, files: ["taskdef.json": Self.taskdef])
        #expect(manifest.environment == "checkout-prod")
        #expect(manifest.image.version == .tag("v2"))
        #expect(manifest.image.pin)
        #expect(manifest.definition.container == "app")
        #expect(manifest.schema?.version == .declared("0002"))
        #expect(manifest.schema?.accepts == .atLeast)
        #expect(manifest.schema?.migrate.command == ["db-migrate", "up"])
        #expect(manifest.schema?.migrate.timeout == .seconds(90))
        #expect(manifest.schema?.migrate.rerunnable == true)
        #expect(manifest.schema?.probe?.command == ["db-version"])
        #expect(manifest.services.map(\.desiredCount) == [2, nil])
        #expect(manifest.services.map(\.timeout) == [.seconds(7_200), nil])
    }

    @Test("says the same in YAML")
    func yaml() throws {
        let yaml = """
            apiVersion: reconcile/v1
            environment: checkout-prod
            region: us-east-1
            cluster: prod
            image: {repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/checkout, tag: v2}
            taskDefinition:
              file: taskdef.json
              container: app
            schema:
              database: checkout
              version: "0002"
              order: integer
              accepts: at-least
              migrate:
                runner: ecs-task
                command: [db-migrate, up]
                environment:
                  DB_USER: migrator
                taskRoleArn: arn:aws:iam::123456789012:role/migrator
                timeout: 90s
                rerunnable: true
              probe:
                command:
                - db-version
            services:
            - name: web
              desiredCount: 2
              timeout: 2h
            - name: worker
            """
        var fromYAML = try Self.load(yaml, path: "manifest.yaml", files: ["taskdef.json": Self.taskdef])
        let fromJSON = try Self.load(Self.full, files: ["taskdef.json": Self.taskdef])
        fromYAML.path = fromJSON.path
        #expect(fromYAML == fromJSON)
    }

    @Test("takes defaults for all that may be left out")
    func defaults() throws {
        let manifest = try Self.load(
            #"{"apiVersion":"reconcile/v1","environment":"e","image":{"repository":"r"},"services":[{"name":"web"}],"schema":{"database":"d"}}"#,
            overrides: Overrides(imageTag: "v9"))
        #expect(manifest.cluster == "default")
        #expect(manifest.image.version == .tag("v9"))
        #expect(manifest.definition == TaskDefinitionSpec(source: .derived(base: .service), container: nil))
        #expect(manifest.schema?.version == .image)
        #expect(manifest.schema?.order == .opaque)
        #expect(manifest.schema?.migrate.command == ["db-migrate"])
        #expect(manifest.schema?.migrate.timeout == .seconds(1_800))
    }

    @Test("takes the command line's word before its own")
    func overrides() throws {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        let manifest = try Self.load(
            Self.full, files: ["taskdef.json": Self.taskdef],
            overrides: Overrides(imageDigest: digest, schemaVersion: "0003", region: "eu-west-1"))
        #expect(manifest.image.version == .digest(digest))
        #expect(manifest.schema?.version == .declared("0003"))
        #expect(manifest.region == "eu-west-1")
    }

    @Test("replaces its variables, in the task definition's file as well")
    func variables() throws {
        let text = Self.full.replacing("checkout-prod", with: "${var:env}").replacing(
            "\"v2\"", with: "\"${env:TAG:-latest}\""
        )
        .replacing("\"desiredCount\": 2", with: "\"desiredCount\": \"${var:count}\"")
        let file =
            #"{"family": "f-${var:env}", "containerDefinitions": [{"name": "app", "command": ["sh", "-c", "echo ${HOME} $${var:x}"]}]}"#
        let manifest = try Self.load(
            text, files: ["taskdef.json": file], variables: ["env": "prod", "count": "7"])
        #expect(manifest.environment == "prod")
        #expect(manifest.image.version == .tag("latest"))
        #expect(manifest.services[0].desiredCount == 7)
        guard case .declared(let definition) = manifest.definition.source else {
            Issue.record("not declared")
            return
        }
        #expect(definition["family"]?.string == "f-prod")
        #expect(
            definition["containerDefinitions"]?.elements[0]["command"]?.elements[2].string == "echo ${HOME} ${var:x}")
    }

    @Test("tells everything that is wrong with it at once, each at its place, with the nearest known key")
    func everythingAtOnce() {
        let text = """
            {
              "apiVersion": "reconcile/v2",
              "enviroment": "prod",
              "cluster": 7,
              "image": { "repository": "r:tag", "tag": "v1", "digest": "sha256:x", "pinn": true },
              "schema": { "database": "a=b", "order": "semver", "migrate": { "comand": ["x"], "timeout": "5 minutes" } },
              "services": [ { "name": "web", "desiredCount": -1 }, { "name": "web" }, { "desiredCount": "two" } ]
            }
            """
        #expect(
            Self.problems(text) == [
                "manifest.json:1:1: the manifest needs the key \"environment\"",
                "manifest.json:2:17: apiVersion \"reconcile/v2\" is not known (write \"reconcile/v1\")",
                "manifest.json:3:3: unknown key \"enviroment\" (did you mean \"environment\"?)",
                "manifest.json:4:14: cluster must be a string, a number found (write it in quotes: \"7\")",
                "manifest.json:5:12: image has a tag and a digest (keep one of them)",
                "manifest.json:5:28: image.repository \"r:tag\" is not a repository (write it without tag or digest: they belong in image.tag or image.digest)",
                "manifest.json:5:72: unknown key \"pinn\" in image (did you mean \"pin\"?)",
                "manifest.json:6:27: schema.database \"a=b\" is not a usable name (use 1 to 64 letters, digits, dots, hyphens and underscores)",
                "manifest.json:6:43: schema.order cannot be \"semver\" (known are: opaque, integer, dotted, lexical)",
                "manifest.json:6:66: unknown key \"comand\" in schema.migrate (did you mean \"command\"?)",
                "manifest.json:6:94: schema.migrate.timeout must be a duration (write seconds, minutes or hours: 90s, 15m, 2h)",
                "manifest.json:7:50: services[0].desiredCount must be from 0 to 5000",
                "manifest.json:7:66: the service \"web\" is listed twice",
                "manifest.json:7:75: services[2] needs the key \"name\"",
                "manifest.json:7:93: services[2].desiredCount must be a whole number, a string found (write digits, without quotes)",
            ])
    }

    static let base =
        #"{"apiVersion":"reconcile/v1","environment":"e","image":{"repository":"r","tag":"t"},"services":[{"name":"w"}]"#

    @Test(
        "is refused for each kind of mistake",
        arguments: [
            ("", "1:1: the text is empty"),
            (
                "[]",
                "1:1: the manifest must be an object, a list found (its keys are: $schema, apiVersion, environment, region, account, cluster, ledger, image, taskDefinition, schema, services, schedules, sources)"
            ),
            (
                base + #","cluster":"a","cluster":"b"}"#,
                "1:125: the key \"cluster\" is listed twice (keep one of the two)"
            ),
            (
                base + #","schema":{"database":"d","version":2}}"#,
                "1:146: schema.version must be a string, a number found (write it in quotes: \"2\")"
            ),
            (
                base + #","schema":{"database":"d","version":"a b"}}"#,
                "1:146: schema.version \"a b\" is not a version (use 1 to 128 of A-Z a-z 0-9 . _ : / = + @ -)"
            ),
            (
                base + #","schema":{"database":"d","order":"integer","version":"1.2"}}"#,
                "1:164: schema.version \"1.2\" cannot be compared in the order \"integer\" (write a whole number)"
            ),
            (
                base + #","schema":{"database":"d","migrate":{"runner":"ecs-tsk"}}}"#,
                "1:156: schema.migrate.runner cannot be \"ecs-tsk\" (did you mean \"ecs-task\"?)"
            ),
            (
                base + #","schema":{"database":"d","migrate":{"command":[]}}}"#,
                "1:157: schema.migrate.command must not be empty"
            ),
            (
                base + #","schema":{"database":"d","migrate":{"service":"x"}}}"#,
                "1:157: schema.migrate.service names \"x\", which is none of the services (did you mean \"w\"?)"
            ),
            (
                base + #","taskDefinition":{"base":"latest","file":"f"}}"#,
                "1:128: taskDefinition takes one of \"file\", \"definition\" and \"base\" (keep one of them)"
            ),
            (
                base + #","taskDefinition":{"definition":{"family":"f"}}}"#,
                "1:142: taskDefinition.definition needs the key \"containerDefinitions\""
            ),
            (
                base + #","environment":"${var:nme}"}"#,
                "1:111: the key \"environment\" is listed twice (keep one of the two)"
            ),
            (base + #","region":"${var:regio}"}"#, "1:120: the variable regio has no value (did you mean region?)"),
            (
                base + #","region":"${env:NOPE_NOPE}"}"#,
                "1:120: the environment variable NOPE_NOPE is not set (set it, or give a default: ${env:NOPE_NOPE:-default})"
            ),
            (
                base + #","region":"${ssm:/x}"}"#,
                "1:120: ${ssm:/x} cannot be used for this key, which is read before AWS is asked (write the value, or pass it with --var NAME=VALUE and write ${var:NAME})"
            ),
            (
                base + #","region":"${var:open"}"#,
                "1:120: the variable that begins with ${var: is not closed (close it with })"
            ),
            (
                base + #","schema":null}"#,
                "1:111: schema is empty (leave the key out where there is no database)"
            ),
            (
                base + #","extra":null}"#,
                "1:111: unknown key \"extra\" (known are: $schema, apiVersion, environment, region, account, cluster, ledger, image, taskDefinition, schema, services, schedules, sources)"
            ),
        ])
    func refused(text: String, problem: String) {
        let found = Self.problems(text, files: ["f": Self.taskdef], variables: ["region": "x"])
        #expect(found.contains("manifest.json:" + problem), "\(found)")
    }

    @Test("names the file in which a problem is")
    func otherFile() {
        let text = Self.full
        #expect(
            Self.problems(text, files: ["taskdef.json": "{\n \"family\": }"])
                == ["taskdef.json:2:12: a value is expected here"])
        #expect(
            Self.problems(text) == ["manifest.json:8:31: taskdef.json cannot be read: No such file (check the path)"])
        #expect(
            Self.problems(
                text,
                files: ["taskdef.json": #"{"family":"${var:x}","containerDefinitions":[{"name":"a"},{"name":"a"}]}"#])
                == [
                    "taskdef.json:1:11: the variable x has no value (pass --var x=VALUE)",
                    "taskdef.json:1:67: containerDefinitions[1].name \"a\" is a duplicate: each container needs its own",
                ])
    }
}
