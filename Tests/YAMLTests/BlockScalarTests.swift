import Testing

struct BlockScalarTests {
    @Test(
        "literal scalars keep their lines",
        arguments: [
            ("a: |\n  x\n   y\n\n  z\nb: 1", #"{"a":"x\n y\n\nz\n","b":1}"#),
            ("a: |\n  # no comment\n  - k: v\n# comment\n", ##"{"a":"# no comment\n- k: v\n"}"##),
            ("- |\n x\n\n y\n- |\n  z", #"["x\n\ny\n","z"]"#),
            ("a:\n  |\n  x", #"{"a":"x"}"#),
            ("a: |\r\n  x\r\n  y\r\n", #"{"a":"x\ny\n"}"#),
            ("a: | # comment\n  \tx \n", #"{"a":"\tx \n"}"#),
            ("--- |\n ---\n", #""---\n""#),
            ("a: |\nb: |-\n\nc: |+\n\nd: 1", #"{"a":"","b":"","c":"\n","d":1}"#),
        ])
    func literal(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "folded scalars join lines, but those that begin with a blank",
        arguments: [
            ("a: >\n  x\n  y\n\n  z\n", #"{"a":"x y\nz\n"}"#),
            ("a: >-\n  x\n    y\n  z\n", #"{"a":"x\n  y\nz"}"#),
            ("a: >\n\n\n  x\n\n   y\n\n  z\n", #"{"a":"\n\nx\n\n y\n\nz\n"}"#),
            (
                ">\n\n folded\n line\n\n next\n line\n   * bullet\n\n   * list\n   * lines\n\n last\n line\n\n# End",
                #""\nfolded line\nnext line\n  * bullet\n\n  * list\n  * lines\n\nlast line\n""#
            ),
        ])
    func folded(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "chomping and indentation may be written",
        arguments: [
            ("a: |-\n  x\n\nb: 1", #"{"a":"x","b":1}"#),
            ("a: |+\n  x\n\nb: 1", #"{"a":"x\n\n","b":1}"#),
            ("a: |2\n   x\n  y\n", #"{"a":" x\ny\n"}"#),
            ("a: |1-\n  x\n", #"{"a":" x"}"#),
            ("a: >+1\n  x\n", #"{"a":" x\n"}"#),
            ("- - |1\n    x\n", #"[[" x\n"]]"#),
            ("a: |2\n    \n  x\n", #"{"a":"  \nx\n"}"#),
        ])
    func header(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }
}
