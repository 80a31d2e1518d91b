import JSON
import Testing

@testable import Base
@testable import Resources

@Suite("Containers of a release")
struct ContainerChoiceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// Name and image of each; a name that ends in `-` is not essential.
        let containers: [(String, String)]
        var named: String?
        var listed: [String]?
        /// The migration's container and the released ones, or a part of the refusal.
        let expected: String

        var testDescription: String { name }
    }

    static let repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"

    static let cases = [
        Case(name: "the only one, whatever its image", containers: [("a", "other:1")], expected: "a: a"),
        Case(name: "the only one of the repository", containers: [("a", "R:1"), ("b", "nginx")], expected: "a: a"),
        Case(
            name: "all of the repository, by any tag or digest",
            containers: [("web", "R:1"), ("init-", "R@sha256:00"), ("side", "nginx")], expected: "web: web init-"),
        Case(
            name: "the same repository by another host of the registry",
            containers: [("web", "R:1"), ("init-", "123456789012.dkr-ecr.us-east-1.on.aws/app:2"), ("b", "x")],
            expected: "web: web init-"),
        Case(
            name: "two that are essential", containers: [("a", "R:1"), ("b", "R:1")],
            expected: "2 containers, 2 of them with an image of R"),
        Case(
            name: "two that are essential, and one is named", containers: [("a", "R:1"), ("b", "R:1")], named: "b",
            expected: "b: a b"),
        Case(
            name: "none of the repository", containers: [("a", "x"), ("b", "y")],
            expected: "2 containers, 0 of them with an image of R"),
        Case(
            name: "one that is named, of another repository", containers: [("a", "x"), ("b", "R:1")], named: "a",
            expected: "a: a b"),
        Case(
            name: "two of a repository that the named one leaves",
            containers: [("a", "old:1"), ("b", "old:1"), ("c", "nginx")], named: "a",
            expected: "a: a; b stays on the repository that a leaves, old:1"),
        Case(
            name: "a list of some", containers: [("a", "R:1"), ("b", "R:1"), ("c", "R:1")], named: "a",
            listed: ["a", "c"], expected: "a: a c"),
        Case(
            name: "a list of one", containers: [("a", "R:1"), ("b", "R:1")], listed: ["b"], expected: "b: b"),
        Case(
            name: "a name that is not there", containers: [("a", "R:1")], named: "x",
            expected: "no container x"),
        Case(
            name: "a list with a name of another service's definition", containers: [("a", "R:1")], listed: ["a", "x"],
            expected: "a: a"),
        Case(
            name: "another repository whose name begins alike", containers: [("a", "R:1"), ("b", "R-worker:1")],
            expected: "a: a"),
    ]

    @Test("those of the manifest's repository get its image, unless it names others", arguments: cases)
    func choice(example: Case) throws {
        let document: JSON = [
            "family": "f",
            "containerDefinitions": .array(
                example.containers.map { name, image in
                    [
                        "name": .string(name), "image": .string(image.replacing("R", with: Self.repository)),
                        "essential": .bool(!name.hasSuffix("-")),
                    ]
                }),
        ]
        // The server's order is another one; the manifest's decides what is said.
        let containers = example.containers.compactMap { name, _ in
            TaskDefinitionSummary.containers(of: TaskDefinitionContent(document)).first { $0.name == name }
        }
        let choice = ContainerChoice(named: example.named, listed: example.listed, repository: Self.repository)
        var said: String
        do {
            let chosen = try choice.choose(among: containers, in: "f:1", for: ResourceID("service", "web"))
            said =
                "\(chosen.own.name): \(chosen.released.joined(separator: " "))" + (chosen.note.map { "; \($0)" } ?? "")

        } catch {
            #expect(error.code == .definitionUnfit)
            said = error.summary.replacing(Self.repository, with: "R")
        }
        #expect(said.contains(example.expected), "\(said)")
    }

    @Test(
        "an image's repository is what is before its tag and digest",
        arguments: [
            ("nginx", "nginx"), ("nginx:1", "nginx"), ("docker.io/library/nginx:1@sha256:00", "nginx"),
            ("localhost:5000/a/b", "localhost:5000/a/b"), ("localhost:5000/a/b:1", "localhost:5000/a/b"),
            ("123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", "123456789012 us-east-1 a"),
            ("123456789012.dkr-ecr-fips.us-east-1.on.aws/a@sha256:00", "123456789012 us-east-1 a"),
        ])
    func repository(image: String, expected: String) {
        #expect(ImageRepository.of(image) == expected)
    }

    @Test("a base is recognised by all but the released images, from its content and from what is remembered")
    func imageless() throws {
        func content(_ a: String, _ b: String, _ c: String) -> TaskDefinitionContent {
            TaskDefinitionContent([
                "family": "f",
                "containerDefinitions": [
                    ["name": "a", "image": .string(a)], ["name": "b", "image": .string(b)],
                    ["name": "c", "image": .string(c)],
                ],
            ])
        }
        let first = content("r:1", "r:1", "x:1")
        #expect(first.imagelessDigest(of: ["a", "b"]) == content("r:2", "r:3", "x:1").imagelessDigest(of: ["a", "b"]))
        #expect(first.imagelessDigest(of: ["a", "b"]) != content("r:1", "r:1", "x:2").imagelessDigest(of: ["a", "b"]))
        #expect(first.imagelessDigest(of: ["a", "b"]) != content("r:1", "r:1", "x:1").imagelessDigest(of: ["a", "c"]))
        // Of a single container it is what earlier releases recorded: the digest with that image left empty.
        #expect(first.imagelessDigest(of: ["a"]) == first.replacing(image: "", of: ["a"]).digest)
    }
}
