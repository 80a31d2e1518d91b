import Testing

struct RefusalTests {
    @Test(
        "what the subset leaves out is refused with what to write instead",
        arguments: [
            (
                "a: &b 1",
                "1:4 anchors are not read: write the value out at each place, or quote a text that begins with '&'"
            ),
            ("a: *b", "1:4 aliases are not read: write the value out here, or quote a text that begins with '*'"),
            ("*a : 1", "1:1 aliases are not read: write the value out here, or quote a text that begins with '*'"),
            ("a: !!str 1", "1:4 tags are not read: leave the tag out, and quote what is to be a string"),
            ("<<: {a: 1}", "1:1 merge keys are not read: write out what '<<' would merge"),
            ("{a: 1, <<: {}}", "1:8 merge keys are not read: write out what '<<' would merge"),
            ("a: 1\n---\nb: 2", "2:1 only one document is read: put each into a file of its own"),
            ("a\n...\nb", "3:1 only one document is read: put each into a file of its own"),
            ("%YAML 1.2\n---\na", "1:1 directives are not read: leave this line out"),
            ("? a\n: b", "1:1 keys marked with '?' are not read: write 'key: value'"),
            ("[a]: 1", "1:1 a key must be text: lists and mappings as keys are not read"),
            ("{{a: b}: 1}", "1:2 a key must be text: lists and mappings as keys are not read"),
            ("[a: b]", "1:3 a mapping within '[ ]' must be written '{key: value}'"),
            ("{a}", "1:3 ':' and a space are expected after the key"),
            (".nan", "1:1 JSON has no number .nan: quote it if it is meant as text"),
            ("a: -.inf", "1:4 JSON has no number -.inf: quote it if it is meant as text"),
            ("1e999", "1:1 this number is out of range: quote it if it is meant as text"),
            ("a: @b", "1:4 a text that begins with this character must be quoted"),
            ("a: `b`", "1:4 a text that begins with this character must be quoted"),
            ("a: %b", "1:4 a text that begins with this character must be quoted"),
        ])
    func leftOut(yaml: String, refusal: String) {
        #expect(outcome(of: yaml) == refusal)
    }

    @Test(
        "a tab that indents is refused",
        arguments: [
            ("\ta: 1", "1:1 a tab indents this line: indent it with spaces"),
            ("a:\n\t- 1", "2:1 a tab indents this line: indent it with spaces"),
            ("a:\n  b\n \tc", "3:2 a tab indents this line: indent it with spaces"),
            ("{\n\t\"a\": 1}", "2:1 a tab indents this line: indent it with spaces"),
            ("a: \"b\n\tc\"", "2:1 a tab indents this line: indent it with spaces"),
            ("a: |\n\tb", "2:1 a tab indents this line: indent it with spaces"),
            ("-\ta", "1:2 a tab follows this '-': write a space"),
        ])
    func tabs(yaml: String, refusal: String) {
        #expect(outcome(of: yaml) == refusal)
    }

    @Test(
        "block collections with a wrong indentation or without a ':' are refused",
        arguments: [
            ("a: b: c", "1:5 a text with ': ' in it must be quoted; a mapping begins on a line of its own"),
            ("--- a: b", "1:6 a text with ': ' in it must be quoted; a mapping begins on a line of its own"),
            ("a: 'b': c", "1:7 a text with ': ' in it must be quoted; a mapping begins on a line of its own"),
            ("a: 1\n b: 2", "2:3 the text before this ':' began on a line above: check its indentation"),
            ("a\nb: c", "2:2 the text before this ':' began on a line above: check its indentation"),
            ("'a\n b': c", "2:4 the text before this ':' began on a line above: check its indentation"),
            ("a:\n  b: 1\n c: 2", "3:2 this line's indentation fits none of the lines above"),
            ("a: 'b'\n  c: d", "2:3 this line's indentation fits none of the lines above"),
            ("  a: 1\nb: 2", "2:1 text after the end of the document's value: is its indentation right?"),
            ("a: 1\nb", "2:1 a key and ': ' are expected here"),
            ("a: 1\nb:2", "2:1 a key and ': ' are expected here"),
            ("a: 1\n- b", "2:1 a list item cannot be among the keys of a mapping"),
            ("- a\nb: c", "2:1 a '-' is expected here, as on the lines above"),
            ("a: - b", "1:4 a list cannot begin here: begin it on a line of its own, or quote the text"),
            (": a", "1:1 a key is expected before ':'"),
            ("\"a\":b", "1:4 a space is needed after the ':' of a key"),
            ("a: 'b' c", "1:8 text after the end of the value"),
            ("a: [b]#c", "1:7 a space is needed before the '#' of a comment"),
        ])
    func block(yaml: String, refusal: String) {
        #expect(outcome(of: yaml) == refusal)
    }

    @Test(
        "malformed flow collections are refused",
        arguments: [
            ("a: [b\nc]", "2:1 a line within quotes or brackets must be indented further than its key"),
            ("a: [b", "1:4 this bracket has no closing ']'"),
            ("{a: b", "1:1 this bracket has no closing '}'"),
            ("{a: ", "1:5 the text ends where a value is expected"),
            ("[\n---\n]", "2:1 the document ends here, within quotes or brackets that are still open"),
            ("[a, , b]", "1:5 a value is expected here"),
            ("[,]", "1:2 a value is expected here"),
            ("[\"a\" \"b\"]", "1:6 ',' or ']' is expected here"),
            ("{a: [] c: d}", "1:8 ',' or '}' is expected here"),
            ("{\"a\" 1}", "1:6 ':' is expected after the key"),
            ("{a:1}", "1:5 ':' and a space are expected after the key"),
            ("{a:[1]}", "1:4 a space is needed after the ':' of a key"),
            ("{: a}", "1:2 a key is expected before ':'"),
            ("[- a]", "1:2 a list cannot begin here: begin it on a line of its own, or quote the text"),
            ("[|]", "1:2 a text that begins with this character must be quoted"),
            ("[a,#b\n]", "1:4 a space is needed before the '#' of a comment"),
            ("[a] b", "1:5 text after the end of the value"),
            ("a: }", "1:4 a text that begins with this character must be quoted"),
        ])
    func flow(yaml: String, refusal: String) {
        #expect(outcome(of: yaml) == refusal)
    }

    @Test(
        "malformed scalars are refused",
        arguments: [
            ("a: 'b", "1:4 the string has no closing quote"),
            ("a: \"b\\\"", "1:4 the string has no closing quote"),
            ("a: \"b\nc\"", "2:1 a line within quotes or brackets must be indented further than its key"),
            (#""\q""#, #"1:2 unknown escape in a string: a backslash itself is written \\"#),
            (#""\x4""#, #"1:2 the \x escape names no character"#),
            (#""\ud83d""#, #"1:2 the \u escape names no character"#),
            (#""\udc00x""#, #"1:2 the \u escape names no character"#),
            (#""\UFFFFFFFF""#, #"1:2 the \U escape names no character"#),
            (#""a\"#, "1:3 the text ends within an escape"),
            ("a: | b", "1:6 the text of a block scalar begins on the next line, or is to be quoted"),
            ("a: |0\n", "1:5 the text of a block scalar begins on the next line, or is to be quoted"),
            ("a: |\n   \n  b", "2:4 a blank line before the text has more spaces than the text"),
            ("a\u{7F}", "1:2 an invisible character must be written as an escape in double quotes"),
            ("a: x\u{FEFF}", "1:5 an invisible character must be written as an escape in double quotes"),
            ("a: |\n  x\u{80}", "2:4 an invisible character must be written as an escape in double quotes"),
            ("a: \"\u{0}\"", "1:5 a control character must be written as an escape in double quotes"),
        ])
    func scalars(yaml: String, refusal: String) {
        #expect(outcome(of: yaml) == refusal)
    }
}
