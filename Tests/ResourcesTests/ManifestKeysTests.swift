import Foundation
import JSON
import Testing

@testable import Manifest
@testable import Resources

/// A manifest's keys are told in three places: to the reader, to editors and to people.
@Suite("The keys of a manifest")
struct ManifestKeysTests {
    /// Where a section's keys are told.
    struct Section: Sendable, CustomTestStringConvertible {
        let heading: String
        let keys: [String]
        /// The definitions of the JSON Schema that lead to it.
        let path: [String]

        var testDescription: String { heading }
    }

    static let sections = [
        Section(heading: "The manifest", keys: ManifestKeys.root, path: []),
        Section(heading: "image", keys: ManifestKeys.image, path: ["$defs", "image"]),
        Section(heading: "taskDefinition", keys: ManifestKeys.taskDefinition, path: ["$defs", "taskDefinition"]),
        Section(heading: "schema", keys: ManifestKeys.schema, path: ["$defs", "schema"]),
        Section(heading: "schema.migrate", keys: ManifestKeys.migrate, path: ["$defs", "migrate"]),
        Section(heading: "schema.probe", keys: ManifestKeys.probe, path: ["$defs", "schema", "properties", "probe"]),
        Section(heading: "schema.after", keys: ManifestKeys.after, path: ["$defs", "schema", "properties", "after"]),
        Section(heading: "services", keys: ManifestKeys.service, path: ["$defs", "service"]),
    ]

    private static let root = #filePath.replacing("Tests/ResourcesTests/ManifestKeysTests.swift", with: "")

    private static func schema() throws -> JSON {
        try JSON.parse(try String(contentsOfFile: root + "manifests/manifest.schema.json", encoding: .utf8))
    }

    private static func properties(_ section: Section) throws -> JSON {
        try #require(section.path.reduce(Optional(schema())) { $0?[$1] }?["properties"])
    }

    /// The rows of the table of a section: a key and its default.
    private static func rows(_ section: Section) throws -> [(key: String, standard: String)] {
        let text = try String(contentsOfFile: root + "docs/manifest.md", encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == "### " + section.heading })
        let rows = lines[(start + 1)...].drop { !$0.hasPrefix("| key ") }.dropFirst(2).prefix { $0.hasPrefix("|") }
        return rows.map { row in
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            return (cells[1].replacing("`", with: ""), cells[3])
        }
    }

    @Test("are the same to the reader, in the JSON Schema and in docs/manifest.md", arguments: sections)
    func keys(section: Section) throws {
        let declared = try #require(Self.properties(section).object).keys
        #expect(Set(declared) == Set(section.keys))
        let rows = try Self.rows(section).flatMap { row in
            row.key.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(Set(rows) == Set(section.keys), "\(Set(rows).symmetricDifference(section.keys))")
        #expect(rows.count == section.keys.count)
    }

    @Test("have the same defaults in the JSON Schema and in docs/manifest.md", arguments: sections)
    func defaults(section: Section) throws {
        let properties = try Self.properties(section)
        for (key, standard) in try Self.rows(section) where !key.contains(",") {
            let declared = properties[key]?["default"].map { $0.string ?? $0.compact }
            #expect(Self.value(standard) == declared, "\(section.heading).\(key)")
        }
    }

    /// The value that a cell tells, as in `` `30m`; lambda: `15m` ``; nil where it names another key or has none.
    private static func value(_ cell: String) -> String? {
        let text = cell.split(separator: ";").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        guard text.hasPrefix("`") else { return nil }
        let value = text.replacing("`", with: "")
        let isKey = sections.contains { section in
            section.keys.contains { ["\(section.heading).\($0)"].contains { $0 == value || $0 == "schema.\(value)" } }
        }
        return isKey ? nil : value.replacing(" ", with: "")
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
        func write(_ heading: String, into object: inout JSON) throws {
            let section = try #require(Self.sections.first { $0.heading == heading })
            let properties = try Self.properties(section)
            for key in section.keys {
                if let standard = properties[key]?["default"] { object[key] = standard }
            }
        }
        try write("image", into: &image)
        try write("schema", into: &schema)
        try write("schema.migrate", into: &migrate)
        try write("services", into: &service)
        try write("The manifest", into: &manifest)
        var definition: JSON = [:]
        try write("taskDefinition", into: &definition)
        manifest["taskDefinition"] = definition
        #expect(try load() == left)
    }
}
