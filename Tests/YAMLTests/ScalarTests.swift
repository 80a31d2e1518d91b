import Testing

struct ScalarTests {
    @Test(
        "plain scalars stand for null, bools and numbers",
        arguments: [
            ("~", "null"), ("null", "null"), ("NULL", "null"), ("true", "true"), ("True", "true"), ("FALSE", "false"),
            ("0", "0"), ("-0", "0"), ("+5", "5"), ("-12", "-12"), ("9223372036854775807", "9223372036854775807"),
            ("1.5", "1.5"), (".5", "0.5"), ("1.", "1"), ("-1e3", "-1000"), ("+1.5E-2", "0.015"), ("0.0", "0"),
            ("18446744073709551616", "1.8446744073709552e+19"),
        ])
    func resolved(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "what only resembles a number or a bool stays a string",
        arguments: [
            "0123", "00", "0x1F", "0o17", "0b1", "1_000", "12:30:45", "2026-01-01", "1.2.3", "1e", "e1", ".", "-.",
            "+", "01.5", "1,5", "yes", "no", "on", "off", "nUlL", "tRUE", "inf", "nan", ".e1", "١",
        ])
    func strings(text: String) {
        #expect(outcome(of: text) == "\"\(text)\"")
    }

    @Test(
        "plain scalars keep what has no meaning inside of them, and fold their lines",
        arguments: [
            ("a#b", #""a#b""#), ("a:b", #""a:b""#), ("a \"b\" 'c'", #""a \"b\" 'c'""#), ("-x", #""-x""#),
            ("?x", #""?x""#), (":x", #"":x""#), ("a - b, [c]", #""a - b, [c]""#), ("a  b\tc  # d", #""a  b\tc""#),
            ("a\nb\n\nc\n\n\n d", #""a b\nc\n\nd""#),
            ("k: a\n  b # c\nl: d", #"{"k":"a b","l":"d"}"#),
            ("k: a\n  - b\n  'c'", #"{"k":"a - b 'c'"}"#),
            ("k:\n  a\n b", #"{"k":"a b"}"#),
            ("- a\n b\n- c", #"["a b","c"]"#),
            ("---a", #""---a""#),
        ])
    func plain(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "single quotes know no escape but their own",
        arguments: [
            ("''", #""""#), ("'it''s \\n'", #""it's \\n""#), ("'true'", #""true""#), ("'a: b # c'", #""a: b # c""#),
            ("' a \n  b \n\n c '", #"" a b\nc ""#), ("k: 'a\n  b'\nl: ''''", #"{"k":"a b","l":"'"}"#),
        ])
    func singleQuoted(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }

    @Test(
        "double quotes know escapes, also of line breaks",
        arguments: [
            (#""\x41\u00e9\U0001F600\_""#, "\"Aé😀\u{A0}\""),
            (#""\0\a\b\t\n\v\f\r\e""#, #""\u0000\u0007\u0008\t\n\u000b\u000c\r\u001b""#),
            (#""\N\L\P\ \/\"\\""#, "\"\u{85}\u{2028}\u{2029} /\\\"\\\\\""),
            (#""\ud83d\ude00""#, #""😀""#),
            ("\"a \n  b\n\n  c\t\n  \"", #""a b\nc ""#),
            ("\"a \\\n  b\\\n\n  \\ c\\t\n  d\"", #""a b\n c\t d""#),
            (
                "\"folded \nto a space,\t\n \nto a line feed, or \t\\\n \\ \tnon-content\"",
                #""folded to a space,\nto a line feed, or \t \tnon-content""#
            ),
            ("\"\u{7F}\u{FEFF}\tx\"", "\"\\u007f\u{FEFF}\\tx\""),
        ])
    func doubleQuoted(yaml: String, json: String) {
        #expect(outcome(of: yaml) == json)
    }
}
