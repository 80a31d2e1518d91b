import JSON
import Testing

@Suite("JSON is read strictly")
struct JSONParserTests {
    @Test(
        "what is legal is read",
        arguments: [
            ("null", "null"), (" true ", "true"), ("[]", "[]"), ("{}", "{}"), ("-0", "0"), ("12", "12"),
            ("1.0", "1"), ("1e3", "1000"), ("-1.5E-2", "-0.015"), ("9223372036854775807", "9223372036854775807"),
            (#""a\u00e9\n\"\\\/""#, #""aé\n\"\\/""#), (#""\ud83d\ude00""#, "\"😀\""),
            (#"{"b":1,"a":[{}]}"#, #"{"a":[{}],"b":1}"#),
            ("\u{FEFF}[1]", "[1]"), ("[1,\r\n\t2]", "[1,2]"),
        ])
    func legal(text: String, canonical: String) throws {
        #expect(try JSON.parse(text).canonical == canonical)
        #expect(try Node.parse(Array(text.utf8)).json.canonical == canonical)
    }

    @Test(
        "what is not legal is refused at its place",
        arguments: [
            ("", "1:1"), ("[1,]", "1:4"), (#"{"a":1,}"#, "1:8"), ("{a:1}", "1:2"), ("[1 2]", "1:4"), ("01", "1:1"),
            ("1.", "1:3"), ("+1", "1:1"), (".5", "1:1"), ("NaN", "1:1"), ("tru", "1:1"), (#""\x""#, "1:2"),
            (#""\ud83d""#, "1:2"), (#""\u12g4""#, "1:2"), ("\"a\nb\"", "1:3"), ("\"abc", "1:1"), ("[1] x", "1:5"),
            ("{\n  \"a\" 1}", "2:7"), ("'a'", "1:1"), ("// x\n1", "1:1"), ("1e999", "1:1"), ("[\n\n  ?", "3:3"),
        ])
    func illegal(text: String, place: String) {
        let error = #expect(throws: SyntaxError.self) { try JSON.parse(text) }
        #expect(error.map { Position(of: $0.offset, in: Array(text.utf8)).description } == place)
    }

    @Test("what is written for people is read as the same", arguments: [1, 3, 30])
    func pretty(size: Int) throws {
        let word = String(repeating: "é\"\n", count: size)
        var json: JSON = [
            "empty": [:], "none": [], "text": .string(word), "list": .array((0..<size).map(JSON.integer)),
        ]
        for _ in 0..<size { json = ["inner": json, "again": [json["text"] ?? .null, ["a": 1.json]]] }
        for isOpen in [false, true] { #expect(try JSON.parse(json.pretty(isOpen: isOpen)) == json) }
        #expect(JSON.object(JSONObject()).pretty(isOpen: true) == "{}")
    }

    @Test("bytes that are no UTF-8 are refused")
    func encoding() {
        #expect(throws: SyntaxError.self) { try JSON.parse([0x22, 0xFF, 0x22]) }
        #expect(throws: SyntaxError.self) { try JSON.parse([0x22, 0x5C, 0x6E, 0xC3, 0x22]) }
    }

    @Test("a repeated key is an error in an answer, and is kept twice for a manifest's reader")
    func repeated() throws {
        let text = #"{"a":1,"b":2,"a":3}"#
        let error = #expect(throws: SyntaxError.self) { try JSON.parse(text) }
        #expect(error?.offset == 13)
        guard case .object(let members) = try Node.parse(Array(text.utf8)).content else {
            Issue.record("no object")
            return
        }
        #expect(members.map(\.key) == ["a", "b", "a"])
        #expect(members.map(\.keyOffset) == [1, 7, 13])
    }

    @Test("nesting is bounded")
    func depth() throws {
        let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        _ = try JSON.parse(deep)
        #expect(throws: SyntaxError.self) { try JSON.parse("[" + deep + "]") }
    }

    @Test("columns count characters, not bytes")
    func columns() {
        #expect(Position(of: 6, in: Array("aéb\ncd".utf8)) == Position(line: 2, column: 2))
        #expect(Position(of: 3, in: Array("éb".utf8)) == Position(line: 1, column: 3))
    }

    @Test("a byte order mark takes no column, and a place may be asked for in any order")
    func places() {
        let source = [0xEF, 0xBB, 0xBF] + Array("ab\ncd".utf8)
        #expect(Position(of: 4, in: source) == Position(line: 1, column: 2))
        #expect(Position(of: 0, in: source) == Position(line: 1, column: 1))
        var finder = PositionFinder(source)
        for offset in [7, 3, 8, 5, 100, 4] {
            #expect(finder.position(of: offset) == Position(of: offset, in: source))
        }
    }

    @Test("an object of any size keeps its order and finds its members", arguments: [1, 16, 17, 5_000])
    func objects(count: Int) {
        var object = JSONObject()
        for number in 0..<count { object["k\(number)"] = .integer(number) }
        #expect(object.keys == (0..<count).map { "k\($0)" })
        #expect((0..<count).allSatisfy { object["k\($0)"]?.integer == $0 })
        #expect(object["k\(count)"] == nil)
        object["k0"] = "first"
        #expect(object.members.first == JSONObject.Member("k0", "first"))
        object["k0"] = nil
        #expect(object["k0"] == nil && object.keys == (1..<max(count, 1)).map { "k\($0)" })
        object["k0"] = "last"
        #expect(object.members.last == JSONObject.Member("k0", "last") && object["k0"]?.string == "last")
        var other = JSONObject()
        for member in object.members { other[member.key] = member.value }
        #expect(object == other && object.hashValue == other.hashValue)
    }

    @Test("the canonical text does not depend on the order of keys nor on how a number was written")
    func canonical() throws {
        let left = try JSON.parse(#"{"z":1.0,"a":{"y":2e0,"x":"é"}}"#)
        let right = try JSON.parse(#"{"a":{"x":"é","y":2},"z":1}"#)
        #expect(left.canonical == right.canonical)
        #expect(left.compact != right.compact)
    }
}
