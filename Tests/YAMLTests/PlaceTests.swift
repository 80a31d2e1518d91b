import JSON
import Testing
import YAML

struct PlaceTests {
    /// Every place of a tree, in the order in which it was read: `key@offset` and the kind of a value with its offset.
    private func places(_ node: Node) -> [String] {
        switch node.content {
        case .scalar(.null): ["null@\(node.offset)"]
        case .scalar, .string: ["\(node.json.compact)@\(node.offset)"]
        case .array(let elements): ["[@\(node.offset)"] + elements.flatMap(places)
        case .object(let members):
            ["{@\(node.offset)"] + members.flatMap { ["\($0.key)@\($0.keyOffset)"] + places($0.value) }
        }
    }

    @Test(
        "keys and values know their first byte",
        arguments: [
            ("a: 1\nbc:  x", ["{@0", "a@0", "1@3", "bc@5", #""x"@10"#]),
            ("é: 'x'\n\"b\": \"y\"", ["{@0", "é@0", #""x"@4"#, "b@8", #""y"@13"#]),
            ("\u{FEFF}- a\n- - b", ["[@3", #""a"@5"#, "[@9", #""b"@11"#]),
            ("a:\n- b: 1\n  c: 2", ["{@0", "a@0", "[@3", "{@5", "b@5", "1@8", "c@12", "2@15"]),
            ("{a: [1, 2], b: {}}", ["{@0", "a@1", "[@4", "1@5", "2@8", "b@12", "{@15"]),
        ])
    func firstByte(yaml: String, expected: [String]) throws {
        #expect(places(try Node.parse(yaml: Array(yaml.utf8))) == expected)
    }

    @Test(
        "a value left out stands right behind its ':' or '-'",
        arguments: [
            ("a:\nb:  # c\n", ["{@0", "a@0", "null@2", "b@3", "null@5"]),
            ("-\n- {a: , b:}", ["[@0", "null@1", "{@4", "a@5", "null@7", "b@10", "null@12"]),
            ("", ["null@0"]), ("--- # c", ["null@3"]),
        ])
    func leftOut(yaml: String, expected: [String]) throws {
        #expect(places(try Node.parse(yaml: Array(yaml.utf8))) == expected)
    }

    @Test("a block scalar stands at its '|' or '>'")
    func blockScalar() throws {
        let node = try Node.parse(yaml: Array("a: |-\n  x\nb: >\n y".utf8))
        #expect(places(node) == ["{@0", "a@0", #""x"@3"#, "b@10", #""y"@13"#])
    }

    @Test("a repeated key is kept twice", arguments: ["a: 1\nb: 2\na: 3", "{a: 1, b: 2, \"a\": 3}"])
    func repeatedKey(yaml: String) throws {
        guard case .object(let members) = try Node.parse(yaml: Array(yaml.utf8)).content else {
            Issue.record("the document is read as a mapping")
            return
        }
        #expect(members.map(\.key) == ["a", "b", "a"])
    }
}
