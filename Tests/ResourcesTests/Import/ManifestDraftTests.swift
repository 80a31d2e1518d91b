import JSON
import Testing

@testable import Base
@testable import Manifest

@Suite("A manifest that no one has typed")
struct ManifestDraftTests {
    private static let draft = ManifestDraft(
        environment: "e", cluster: "default", repository: "r/app", services: [.init("web")])

    @Test("leaves out what its default says")
    func least() {
        var draft = Self.draft
        draft.schema = .init(database: "d", version: "image", command: ["db-migrate"])
        #expect(
            draft.json.compact
                == #"{"apiVersion":"reconcile/v1","environment":"e","image":{"repository":"r/app"},"#
                + #""schema":{"database":"d"},"services":[{"name":"web"}]}"#)
    }

    @Test("is read as it was meant")
    func read() throws {
        var draft = Self.draft
        draft.region = "eu-west-1"
        draft.cluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod"
        draft.version = .tag("v1")
        draft.pin = false
        draft.container = "app"
        draft.containers = ["app", "jobs"]
        draft.schema = .init(database: "d", version: "0002", command: ["sh", "-c", "a \"b\" \\ 'c'\n"])
        draft.services = [.init("web"), .init("worker", container: "jobs")]
        let manifest = try ManifestTests.load(draft.text)
        #expect(manifest.environment == "e" && manifest.region == "eu-west-1")
        #expect(manifest.cluster == draft.cluster)
        #expect(manifest.image == ImageSpec(repository: "r/app", version: .tag("v1"), pin: false))
        #expect(manifest.definition.container == "app" && manifest.definition.containers == ["app", "jobs"])
        #expect(manifest.schema?.database == "d" && manifest.schema?.version == .declared("0002"))
        #expect(manifest.schema?.migrate.command == draft.schema?.command)
        #expect(manifest.services.map(\.name) == ["web", "worker"])
        #expect(manifest.services.map(\.container) == [nil, "jobs"])
    }

    @Test("is a line for each of its keys, and lists as long as a line are one")
    func text() throws {
        var draft = Self.draft
        draft.services = (1...20).map { .init("service-\($0)") }
        let lines = draft.text.split(separator: "\n")
        #expect(lines.first == "{" && lines.last == "}")
        #expect(lines.allSatisfy { $0.utf8.count <= 112 })
        #expect(lines.contains("    { \"name\": \"service-20\" }"))
        #expect(try JSON.parse(draft.text) == draft.json)
    }
}
