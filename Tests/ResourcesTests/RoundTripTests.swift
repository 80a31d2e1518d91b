import JSON
import Testing

@testable import Resources
@testable import Sandbox

/// Realistic definitions through a server: what it shows afterwards is what was declared.
@Suite("A definition and its server")
struct RoundTripTests {
    static let definitions = ["good-definitions", "good-json"]

    @Test("a registered definition is recognised, and can be registered again as it is shown", arguments: definitions)
    func recognised(corpus: String) throws {
        var count = 0
        for example in try Corpus(corpus).cases {
            let manifest = try CorpusTests.load(example)
            guard case .declared(let document) = manifest.definition.source else { continue }
            count += 1
            let names = TaskDefinitionContent(document).containers.compactMap { $0["name"]?.string }
            let wanted = TaskDefinitionContent.replace(
                image: "r:2", of: names, in: TaskDefinitionNormaliser.registration(document))
            var model = AWSModel(
                ecs: ECSModel(account: "123456789012", region: "us-east-1", seed: "test", limits: Limits()))
            var sent = wanted
            for _ in 0..<2 {
                let answer = try model.handle(.ecs, "RegisterTaskDefinition", sent, at: 1_000).get()
                let shown = try #require(answer["taskDefinition"])
                #expect(
                    TaskDefinitionContent(shown).json.canonical == TaskDefinitionContent(wanted).json.canonical,
                    "\(example)")
                sent = TaskDefinitionNormaliser.registration(shown)
            }
            // A server may show it in quite another order.
            #expect(
                TaskDefinitionContent(Self.reversed(wanted)).digest == TaskDefinitionContent(wanted).digest,
                "\(example)")
        }
        #expect(count > 0)
    }

    /// Lists of objects and their members the other way round, apart from those in which order means something.
    private static func reversed(_ json: JSON, key: String = "") -> JSON {
        switch json {
        case .object(let object):
            var out = JSONObject()
            for member in object.members.reversed() { out[member.key] = reversed(member.value, key: member.key) }
            return .object(out)
        case .array(let elements):
            let inner = elements.map { reversed($0) }
            return .array(key != "environmentFiles" && inner.allSatisfy { $0.object != nil } ? inner.reversed() : inner)
        default: return json
        }
    }
}
