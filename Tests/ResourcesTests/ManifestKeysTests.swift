import Foundation
import JSON
import Testing

@testable import Manifest
@testable import Resources

/// The declarations of keys say what documentation and editors say.
@Suite("The keys of a manifest")
struct ManifestKeysTests {
    private static let root = #filePath.replacing("Tests/ResourcesTests/ManifestKeysTests.swift", with: "")
    private static let isUpdating = ProcessInfo.processInfo.environment["RECONCILE_UPDATE_GOLDEN"] != nil

    /// Compares a file with what it must be, and writes it if golden files are renewed.
    private static func compare(_ path: String, _ change: (String) throws -> String) throws {
        let text = try String(contentsOfFile: root + path, encoding: .utf8)
        let wanted = try change(text)
        if isUpdating { return try wanted.write(toFile: root + path, atomically: true, encoding: .utf8) }
        #expect(text == wanted, "renew it: RECONCILE_UPDATE_GOLDEN=1 swift test --filter ManifestKeysTests")
    }

    @Test("are told by the JSON Schema")
    func schema() throws {
        try Self.compare("manifests/manifest.schema.json") { _ in ManifestSchema.text }
    }

    @Test("are told by the tables of docs/manifest.md")
    func tables() throws {
        try Self.compare("docs/manifest.md") { text in
            var lines = text.components(separatedBy: "\n")
            for section in Self.sections {
                let heading = "### " + (section.path.isEmpty ? "The manifest" : section.path)
                let start = try #require(lines.firstIndex(of: heading), "\(heading)")
                let first = try #require(lines[start...].firstIndex { $0.hasPrefix("| key |") })
                let end = lines[first...].firstIndex { !$0.hasPrefix("|") } ?? lines.count
                lines.replaceSubrange(first..<end, with: Self.table(section))
            }
            return lines.joined(separator: "\n")
        }
    }

    /// In the order in which documentation has them.
    private static let sections = [
        RootKeys.section, ImageKeys.section, TaskDefinitionKeys.section, SchemaKeys.section, MigrateKeys.section,
        MigrationDefinitionKeys.section, ProbeKeys.section, AfterKeys.section, ServiceKeys.section,
        ScheduleKeys.section,
    ]

    private static func table(_ section: ManifestSection) -> [String] {
        let keys = section.keys.map { key in
            let bounds = [key.form.bound, key.bound].filter { !$0.isEmpty }.joined(separator: ", ")
            return ["`\(key.name)`", key.form.label, standard(key), bounds, key.meaning]
        }
        return ([["key", "type", "default", "bound", "meaning"], nil] + keys).map { cells in
            guard let cells else { return "|---|---|---|---|---|" }
            return "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
        }
    }

    private static func standard(_ key: KeyFacts) -> String {
        switch key.need {
        case .required: "required"
        case .optional(let otherwise): otherwise
        case .standard(let value, let note):
            "`\(value.string ?? value.compact)`" + (note.isEmpty ? "" : "; \(note)")
        }
    }

    @Test("mean the same where a default is written out")
    func written() throws {
        var image: JSON = ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v1"]
        var (schema, migrate, service): (JSON, JSON, JSON) = (["database": "main"], [:], ["name": "web"])
        var manifest: JSON = ["apiVersion": "reconcile/v1", "environment": "e"]
        func load() throws -> Manifest {
            manifest["image"] = image
            manifest["schema"] = schema
            manifest["schema"]?["migrate"] = migrate
            manifest["services"] = [service]
            return try ManifestTests.load(manifest.compact)
        }
        let left = try load()
        func write(_ section: ManifestSection, into object: inout JSON) {
            for key in section.keys {
                if case .standard(let value, _) = key.need { object[key.name] = value }
            }
        }
        write(ImageKeys.section, into: &image)
        write(SchemaKeys.section, into: &schema)
        write(MigrateKeys.section, into: &migrate)
        write(ServiceKeys.section, into: &service)
        write(RootKeys.section, into: &manifest)
        var definition: JSON = [:]
        write(TaskDefinitionKeys.section, into: &definition)
        manifest["taskDefinition"] = definition
        #expect(try load() == left)
    }
}

extension KeyForm {
    /// As documentation calls it, in Markdown.
    fileprivate var label: String {
        switch self {
        case .any: "any"
        case .text: "string"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .flag: "boolean"
        case .count: "whole number"
        case .duration: "duration"
        case .strings: "list of strings"
        case .dictionary: "object of strings"
        case .document, .definition, .object: "object"
        case .list, .objects: "list"
        }
    }
}
