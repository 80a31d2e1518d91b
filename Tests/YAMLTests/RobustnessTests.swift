import JSON
import Testing
import YAML

struct RobustnessTests {
    @Test("512 levels are read and 513 are not", arguments: [("[", "]"), ("{\"a\":", "}"), ("- ", "")])
    func depth(open: String, close: String) {
        func nested(_ count: Int) -> String {
            outcome(of: String(repeating: open, count: count) + "1" + String(repeating: close, count: count))
        }
        #expect(nested(512).hasPrefix(open == "- " ? "[" : open))
        #expect(nested(513) == "1:\(512 * open.utf8.count + 1) nested deeper than 512 levels")
    }

    @Test("text that is not UTF-8 is refused at its first wrong byte")
    func encoding() {
        #expect(throws: SyntaxError(at: 4, "the text is not valid UTF-8")) {
            try Node.parse(yaml: [0x61, 0x3A, 0x20, 0x22, 0xC3, 0x22])
        }
    }

    @Test("whatever is cut off or out of a document, an error's place is within what is left")
    func mutilation() {
        let document = Array(
            """
            --- # start
            name: "wo\\u0072d \\
              two"
            list:
            - 'it''s'
            - {a: [1, é], "b":2}
            - - |2-
                 text
                more
              - plain
                text
            fold: >+
            ...
            """.utf8)
        for start in document.indices {
            for length in [1, 2, 7, document.count] {
                var rest = document
                rest.removeSubrange(start..<min(start + length, document.count))
                do {
                    _ = try Node.parse(yaml: rest)
                } catch {
                    #expect((0...rest.count).contains(error.offset))
                }
            }
        }
    }
}
