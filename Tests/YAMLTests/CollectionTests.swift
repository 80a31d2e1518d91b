import Testing

struct CollectionTests {
    @Test(
        "block collections are read by their indentation",
        arguments: [
            ("a: 1\nb: 2", #"{"a":1,"b":2}"#),
            ("a:\n  b:\n    c: 1\n  d: 2\ne: 3\n", #"{"a":{"b":{"c":1},"d":2},"e":3}"#),
            ("a:\n  - 1\n  - 2\nb: 3", #"{"a":[1,2],"b":3}"#),
            ("a:\n- 1\n- 2\nb: 3", #"{"a":[1,2],"b":3}"#),
            ("- a: 1\n  b: 2\n- c: 3", #"[{"a":1,"b":2},{"c":3}]"#),
            ("-   a: 1\n    b:\n    - 2\n", #"[{"a":1,"b":[2]}]"#),
            ("- - x\n  - y\n- - z", #"[["x","y"],["z"]]"#),
            ("-\n  a: 1\n-\n  - 2", #"[{"a":1},[2]]"#),
            ("a:\n- b:\n  - c\nd: e", #"{"a":[{"b":["c"]}],"d":"e"}"#),
            ("  a: 1\n  b: 2", #"{"a":1,"b":2}"#),
            ("a : 1\n\"b\" : 2\n'c':\t3", #"{"a":1,"b":2,"c":3}"#),
        ])
    func block(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "a value left out is null",
        arguments: [
            ("", "null"), ("# only a comment", "null"), ("---", "null"), ("---\n...\n", "null"),
            ("a:", #"{"a":null}"#),
            ("a:\nb: # nothing\nc: 1", #"{"a":null,"b":null,"c":1}"#),
            ("-\n- 1\n-", "[null,1,null]"),
            ("- -\n- a:", #"[[null],{"a":null}]"#),
            ("{a: , b:, \"c\":}", #"{"a":null,"b":null,"c":null}"#),
        ])
    func empty(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "flow collections may span lines and end with a comma",
        arguments: [
            ("[]", "[]"), ("{}", "{}"), ("[1, 2,]", "[1,2]"), ("{a: 1,}", #"{"a":1}"#),
            ("{a: [x y, 'z'], \"b\":{c: 1}}", #"{"a":["x y","z"],"b":{"c":1}}"#),
            ("a: [\n  1, # one\n\n  2\n  ]\nb: {\n  c:\n    d\n }", #"{"a":[1,2],"b":{"c":"d"}}"#),
            ("- {a: 1}\n- [b]", #"[{"a":1},["b"]]"#),
            ("[a:b, -1, ::x, http://x/y?z]", #"["a:b",-1,"::x","http://x/y?z"]"#),
            ("{'a':1,\"b\":[2]}", #"{"a":1,"b":[2]}"#),
            ("[one\n two]", #"["one two"]"#),
        ])
    func flow(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "JSON is read as JSON",
        arguments: [
            (#"{"a":[1,-2.5e3,true,false,null,"x"],"b":{}}"#, #"{"a":[1,-2500,true,false,null,"x"],"b":{}}"#),
            ("{\n  \"a\" : 1 ,\r\n  \"b\"\n:\n[\n]\n}\n", #"{"a":1,"b":[]}"#),
            (#""\ud83d\ude00\u00e9\/\b\f\n\r\t\"\\""#, #""😀é/\u0008\u000c\n\r\t\"\\""#),
            ("{\"a\":\t1}", #"{"a":1}"#),
        ])
    func json(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "keys are strings as they are written",
        arguments: [
            ("true: 1\n1.0: 2\n~: 3", #"{"true":1,"1.0":2,"~":3}"#),
            ("a b: 1\n'c: d': 2\n\"<<\": 3", #"{"a b":1,"c: d":2,"<<":3}"#),
            ("{null: 1, -x: 2, a:b: 3}", #"{"null":1,"-x":2,"a:b":3}"#),
        ])
    func keys(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "comments, blank lines, markers, CRLF and a byte order mark change nothing",
        arguments: [
            ("# c\n\na: 1 # d\n# e\n\n  # f\nb: 2\n# g", #"{"a":1,"b":2}"#),
            ("---\na: 1\n...\n# end\n", #"{"a":1}"#),
            ("--- # c\n- a", #"["a"]"#),
            ("--- text\n...", #""text""#),
            ("\u{FEFF}a: 1\nb: 2", #"{"a":1,"b":2}"#),
            ("a:\r\n  - 1\r\n  - x\r\n    y\r\n", #"{"a":[1,"x y"]}"#),
            ("a: 1\n \t\n\t# c\nb: 2", #"{"a":1,"b":2}"#),
        ])
    func surroundings(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }
}
