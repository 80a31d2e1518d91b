import Support
import Testing

@testable import Base
@testable import Manifest
@testable import Resources

/// Every kind of mistake, and every corner of what is allowed, with what the loader says of it.
/// `RECONCILE_UPDATE_GOLDEN=1` writes what it says now; read the difference with the eyes of who made the mistake.
@Suite("Manifests of all kinds")
struct CorpusTests {
    static let badOnes = [
        "bad-json", "bad-keys", "bad-values", "bad-variables", "bad-definitions", "bad-shapes", "bad-yaml",
    ]
    static let goodOnes = ["good-json", "good-yaml", "good-definitions"]

    static let variables = Variables(
        environment: ["COUNT": "7", "FALSE": "false", "EMPTY": "", "WORD": "many", "LARGE": "70000"],
        variables: ["region": "eu-central-1", "one": "1", "sentence": "Not a name."])

    static func load(_ example: Corpus.Case) throws(Failure) -> Manifest {
        let files = example.bytes
        return try ManifestLoader(
            variables: variables,
            overrides: Overrides(
                imageTag: example.options["--image-tag"], imageDigest: example.options["--image-digest"],
                schemaVersion: example.options["--schema-version"], region: example.options["--region"]),
            read: { (path) throws(Failure) in
                guard let bytes = files[path] else {
                    throw Failure(.manifestUnreadable, "\(path) cannot be read: no such file", hint: "check the path")
                }
                return bytes
            }
        ).load(example.manifest)
    }

    /// What the loader says: a line for each problem, or what it read.
    static func says(_ example: Corpus.Case) -> [String] {
        do { return [summary(try load(example))] } catch {
            return error.problems.map { "\($0.place): \($0.message)" + ($0.hint.map { " (\($0))" } ?? "") }
        }
    }

    /// What was read, without what no one wrote.
    static func summary(_ manifest: Manifest) -> String {
        var parts = ["\(manifest.environment)", "\(manifest.region ?? "-")", "\(manifest.cluster)"]
        parts.append("\(manifest.image.repository) \(manifest.image.version)\(manifest.image.pin ? "" : " unpinned")")
        switch manifest.definition.source {
        case .declared(let json): parts.append("declared \(json.compact)")
        case .derived(let base): parts.append("derived \(base)")
        }
        if let container = manifest.definition.container { parts.append("container \(container)") }
        if let schema = manifest.schema {
            parts.append("\(schema.database) \(schema.version) \(schema.order) \(schema.accepts)")
            let migrate = schema.migrate
            let environment = migrate.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            if migrate.runner != .ecsTask { parts.append("\(migrate.runner)") }
            parts.append("migrate \(migrate.command) \(environment) \(migrate.timeout) \(migrate.rerunnable)")
            parts += [migrate.taskRoleARN, migrate.service, migrate.launch.launchType, migrate.launch.platformVersion]
                .compactMap(\.self)
            parts += [
                migrate.launch.capacityProviderStrategy, migrate.launch.networkConfiguration,
                migrate.launch.placementConstraints,
            ].compactMap { $0?.compact }
            if let probe = schema.probe {
                parts.append("probe \(probe.command)\(probe.pattern.map { " \($0.text)" } ?? "")")
            }
            if let after = schema.afterwards {
                let environment = after.migrate.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                parts.append(
                    "after \(after.version) \(after.migrate.command) \(environment) \(after.migrate.timeout) "
                        + "\(after.migrate.rerunnable)")
            }
        }
        for service in manifest.services {
            parts.append(
                "service \(service.name) \(service.desiredCount.map(String.init) ?? "-") \(service.timeout.map { "\($0)" } ?? "-")"
                    + (service.until == .completed ? "" : " until \(service.until.rawValue)")
                    + (service.container.map { " container \($0)" } ?? "")
                    + (service.settings.json.map { " \($0.compact)" } ?? ""))
        }
        let text = parts.joined(separator: ", ")
        return String(text.unicodeScalars.map { $0.value < 0x20 ? "?" : Character($0) })
    }

    @Test("what is wrong is told at its place, in the same words as ever", arguments: badOnes)
    func bad(name: String) throws {
        var corpus = try Corpus(name)
        for index in corpus.cases.indices {
            let example = corpus.cases[index]
            #expect(throws: Failure.self, "\(name): \(example)") { try Self.load(example) }
            corpus.cases[index].says = Self.says(example)
            #expect(!corpus.cases[index].says.isEmpty, "\(name): \(example)")
        }
        #expect(try Golden.holds(corpus.text, corpus.path), "differs from \(corpus.path)")
    }

    @Test("what is allowed is read as it was meant", arguments: goodOnes)
    func good(name: String) throws {
        var corpus = try Corpus(name)
        for index in corpus.cases.indices {
            let example = corpus.cases[index]
            #expect(throws: Never.self, "\(name): \(example)") { try Self.load(example) }
            corpus.cases[index].says = Self.says(example)
        }
        #expect(try Golden.holds(corpus.text, corpus.path), "differs from \(corpus.path)")
    }

    @Test("every problem stands within its file", arguments: badOnes)
    func places(name: String) throws {
        for example in try Corpus(name).cases {
            let files = example.bytes
            do { _ = try Self.load(example) } catch {
                #expect(error.code == .manifestInvalid, "\(name): \(example)")
                for problem in error.problems {
                    let lines = files[problem.file]?.split(separator: 0x0A, omittingEmptySubsequences: false) ?? []
                    let line = problem.position.map { lines.indices.contains($0.line - 1) ? lines[$0.line - 1] : [] }
                    // A place behind the last character of a line is where something is missing.
                    #expect(
                        (problem.position?.column ?? 0) <= (line?.count ?? 0) + 1, "\(name): \(example): \(problem)")
                    #expect(problem.position != nil)
                    // Each problem is a line of its own, and nothing in it moves a terminal's cursor.
                    let told = problem.message + (problem.hint ?? "")
                    #expect(told.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "\(example)")
                    #expect(told.count < 600, "\(name): \(example)")
                }
            }
        }
    }

    @Test("there are as many as were written, each with a name of its own")
    func count() throws {
        let bad = try Self.badOnes.map { try Corpus($0).cases }
        let good = try Self.goodOnes.map { try Corpus($0).cases }
        #expect(bad.map(\.count).reduce(0, +) >= 400 && bad[6].count >= 60)
        #expect(good.map(\.count).reduce(0, +) >= 50)
        for cases in bad + good { #expect(Set(cases.map(\.name)).count == cases.count) }
    }
}
