import Testing

@testable import Base
@testable import Manifest
@testable import Resources

/// Sources near the largest size that is read: the work grows with the size, not with its square. Where it did, a test
/// here would not come to its end.
@Suite("A huge manifest")
struct HugeTests {
    static func manifest(services: String, extra: String = "") -> String {
        #"{"apiVersion":"reconcile/v1","environment":"e","image":{"repository":"r","tag":"t"},\#(extra)"services":[\#(services)]}"#
    }

    static func load(_ text: String, path: String = "manifest.json") throws(Failure) -> Manifest {
        let bytes = Array(text.utf8)
        return try ManifestLoader(
            variables: Variables(environment: [:], variables: ["x": "y"]), overrides: Overrides(),
            read: { _ throws(Failure) in bytes }
        ).load(path)
    }

    static func problems(_ text: String, path: String = "manifest.json") -> [Problem] {
        do {
            _ = try load(text, path: path)
            return []
        } catch { return error.problems }
    }

    @Test("of twenty thousand services is read", arguments: ["manifest.json", "manifest.yaml"])
    func services(path: String) throws {
        let services = (0..<20_000).map { #"{"name":"s\#($0)"}"# }.joined(separator: ",\n")
        #expect(try Self.load(Self.manifest(services: services), path: path).services.count == 20_000)
    }

    @Test("with twenty thousand unknown keys is told of a hundred of them, each at its place")
    func unknown() {
        let extra = (0..<20_000).map { #""k\#($0)":1,"# }.joined(separator: "\n")
        let problems = Self.problems(Self.manifest(services: #"{"name":"w"}"#, extra: extra))
        #expect(problems.count == 100)
        #expect(problems.last?.position?.line == 100)
    }

    @Test("whose mistakes are all at its end is told of them")
    func late() {
        let services = (0..<20_000).map { #"{"name":"s\#($0)"}"# } + (0..<200).map { #"{"name":"s\#($0)"}"# }
        let problems = Self.problems(Self.manifest(services: services.joined(separator: ",\n")))
        #expect(problems.count == 100)
        #expect(problems.first?.position?.line == 20_001 && problems.last?.position?.line == 20_100)
    }

    @Test("with a task definition of five thousand members, and the same in a list of variables, is read")
    func members() throws {
        let members = (0..<5_000).map { #""k\#($0)":"${var:x}""# }.joined(separator: ",")
        let definition = #"{"family":"f","containerDefinitions":[{"name":"a","dockerLabels":{\#(members)}}]}"#
        let extra =
            #""taskDefinition":{"definition":\#(definition)},"schema":{"database":"d","migrate":{"environment":{\#(members)}}},"#
        let manifest = try Self.load(Self.manifest(services: #"{"name":"w"}"#, extra: extra))
        guard case .declared(let json) = manifest.definition.source else {
            Issue.record("not declared")
            return
        }
        let labels = json["containerDefinitions"]?.elements.first?["dockerLabels"]
        #expect(labels?.object?.keys.count == 5_000 && labels?["k4999"]?.string == "y")
        #expect(manifest.schema?.migrate.environment["k4999"] == "y")
    }

    @Test("that holds one text of two million characters is read, and a key of that length is told shortly")
    func long() throws {
        let text = String(repeating: "x", count: 2_000_000)
        let extra = #""schema":{"database":"d","migrate":{"environment":{"A":"\#(text)"}}},"#
        #expect(
            try Self.load(Self.manifest(services: #"{"name":"w"}"#, extra: extra)).schema?.migrate.environment["A"]?
                .utf8.count == 2_000_000)
        let problems = Self.problems(Self.manifest(services: #"{"name":"w"}"#, extra: #""\#(text)":1,"#))
        #expect(problems.count == 1 && problems[0].message.utf8.count < 200)
    }

    @Test("larger than what is read is refused as a whole")
    func tooLarge() {
        let failure = #expect(throws: Failure.self) { try Self.load(String(repeating: " ", count: 4 << 20 + 1)) }
        #expect(failure?.code == .manifestUnreadable)
    }
}
