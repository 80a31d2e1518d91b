import Foundation
import JSON
import Support
import Testing

@testable import Manifest

/// What `reconcile schema` prints, read by a program that other people wrote.
@Suite("The JSON Schema of a manifest")
struct EditorSchemaTests {
    private static let schema = Project.root + "/manifests/manifest.schema.json"
    private static let isThere = ForeignServer.isThere("check-jsonschema")

    /// The names of the files that do not match the schema.
    private static func refused(_ manifests: [String: JSON]) async throws -> Set<String> {
        let folder = try Scratch.folder("schema")
        var files: [String] = []
        for (name, manifest) in manifests {
            files.append("\(folder)/\(files.count) \(name.replacing("/", with: "_")).json")
            try Scratch.write(manifest.compact, to: files[files.count - 1])
        }
        let outcome = try await Outcome.of(
            "check-jsonschema", ["--schemafile", schema, "-o", "json", "--no-cache"] + files)
        let answer = try JSON.parse(outcome.out)
        let errors = answer["errors"]?.elements ?? []
        let unread = answer["parse_errors"]?.elements ?? []
        #expect(unread.isEmpty)
        #expect(errors.isEmpty == (outcome.exit == 0))
        let names = errors.compactMap { $0["filename"]?.string?.split(separator: "/").last }
        return Set(names.map { String($0.drop { $0.isNumber }.dropFirst().dropLast(5)) })
    }

    private static func section(_ key: KeyFacts) -> ManifestSection? {
        switch key.form {
        case .object(let section), .objects(let section): section
        default: nil
        }
    }

    @Test("has every key of every section, with its meaning, and no other")
    func keys() throws {
        func compare(_ section: ManifestSection, _ json: JSON) {
            #expect(json["properties"]?.object?.keys == section.names)
            #expect(json["additionalProperties"] == false)
            for key in section.keys {
                let property = json["properties"]?[key.name]
                #expect(property?["description"]?.string?.isEmpty == false, "\(section.path).\(key.name)")
                if let inner = Self.section(key) { compare(inner, property?["items"] ?? property ?? .null) }
            }
        }
        compare(RootKeys.section, try JSON.parse(ManifestSchema.text))
    }

    @Test("takes every good manifest and every example", .enabled(if: isThere))
    func good() async throws {
        var manifests: [String: JSON] = [:]
        for name in CorpusTests.goodOnes {
            // What the command line gives may make up for what the manifest says, which an editor cannot know.
            for example in try Corpus(name).cases where example.options.isEmpty {
                let source = SourceText(path: example.manifest, bytes: try #require(example.bytes[example.manifest]))
                manifests["\(name) \(example.name)"] = try source.parse().json
            }
        }
        #expect(manifests.count > 30)
        for (name, text) in try Self.examples() {
            manifests[name] = try SourceText(path: "example.json", bytes: Array(text.utf8)).parse().json
        }
        let refused = try await Self.refused(manifests)
        #expect(refused == [], "\(refused.compactMap { manifests[$0]?.compact })")
    }

    /// The manifest of the quickstart, and those of the documents.
    private static func examples() throws -> [String: String] {
        func text(_ path: String) throws -> String {
            try String(contentsOfFile: Project.root + "/" + path, encoding: .utf8)
        }
        var examples = ["quickstart": try text("manifests/quickstart.json")]
        let pages = try FileManager.default.contentsOfDirectory(atPath: Project.root + "/docs").map { "docs/\($0)" }
        for page in pages.filter({ $0.hasSuffix(".md") }) + ["README.md"] {
            for block in try text(page).matches(of: #/\n {4}\{\n(?:(?: {5,}.*)?\n)+? {4}\}\n/#).map(\.output)
            where block.contains("reconcile/v1") {
                examples["\(page) \(examples.count)"] = String(block)
            }
        }
        #expect(examples.count >= 5)
        return examples
    }

    @Test("refuses an unknown key wherever one can be, and a key without what it needs", .enabled(if: isThere))
    func bad() async throws {
        let whole: JSON = [
            "$schema": "manifest.schema.json", "apiVersion": "reconcile/v1", "environment": "e",
            "image": ["repository": "r/app", "tag": "v1"], "taskDefinition": ["container": "app"],
            "schema": [
                "database": "d", "migrate": ["command": ["m"]], "probe": ["command": ["p"]], "after": ["version": "2"],
            ],
            "services": [["name": "web"]], "sources": ["tfstate": "s3://b/t"],
        ]
        var manifests = ["whole": whole]
        func spoil(_ section: ManifestSection, _ json: JSON, _ put: (JSON) -> JSON) {
            var spoilt = json
            spoilt["timout"] = "1m"
            manifests["unknown in \(section.path)"] = put(spoilt)
            for key in section.keys {
                if key.isRequired {
                    var lacking = json
                    lacking[key.name] = nil
                    manifests["\(section.path) without \(key.name)"] = put(lacking)
                }
                guard let inner = Self.section(key) else { continue }
                let isList = json[key.name]?.array != nil
                let value = (isList ? json[key.name]?.elements.first : json[key.name]) ?? .null
                spoil(inner, value) { changed in
                    var outer = json
                    outer[key.name] = isList ? [changed] : changed
                    return put(outer)
                }
            }
        }
        spoil(RootKeys.section, whole) { $0 }
        #expect(manifests.count > 15)
        #expect(try await Self.refused(manifests) == Set(manifests.keys).subtracting(["whole"]))
    }
}
