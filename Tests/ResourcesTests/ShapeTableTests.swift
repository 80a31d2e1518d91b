import Testing

@testable import Manifest
@testable import Resources

@Suite("The table of what RegisterTaskDefinition and CreateService take")
struct ShapeTableTests {
    private static func structure(_ kind: ShapeTable.Kind) -> String? {
        switch kind {
        case .structure(let name): name
        case .list(let inner), .map(let inner): structure(inner)
        default: nil
        }
    }

    @Test("has each structure that it refers to, and no word that was not read")
    func complete() {
        var pending = [TaskDefinitionShapes.root, TaskDefinitionShapes.service]
        var seen: Set<String> = []
        while let shape = pending.popLast() {
            guard seen.insert(shape).inserted else { continue }
            #expect(!ShapeTable.ecs.members(of: shape).isEmpty, "\(shape)")
            pending += ShapeTable.ecs.members(of: shape).compactMap { Self.structure($0.kind) }
        }
        #expect(seen.count > 30)
        let members = seen.map { ShapeTable.ecs.members(of: $0).count }.reduce(0, +)
        #expect(members == TaskDefinitionShapes.table.matches(of: #/[a-z]\w*!?:[^ \n]/#).count)
    }

    @Test("knows a list of words that is longer than a line")
    func wrapped() {
        let system = ShapeTable.ecs.members(of: "RuntimePlatform").first { $0.key == "operatingSystemFamily" }
        guard case .words(let words)? = system?.kind else {
            Issue.record("no words")
            return
        }
        #expect(words.contains("LINUX"))
        #expect(words.contains("WINDOWS_SERVER_2022_CORE"))
        #expect(words.allSatisfy { $0.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" } })
    }

    @Test(
        "knows where a key belongs",
        arguments: [
            ("networkMode", "the task definition itself"), ("portMappings", "containerDefinitions[…]"),
            ("hostPort", "containerDefinitions[…].portMappings[…]"),
            ("accessPointId", "volumes[…].efsVolumeConfiguration.authorizationConfig"), ("desiredCount", nil),
        ] as [(String, String?)])
    func home(key: String, expected: String?) {
        #expect(ShapeTable.ecs.home(of: key) == expected)
    }
}
