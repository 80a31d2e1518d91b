import Foundation
import JSON
import Support
import Testing

@testable import AWS
@testable import Resources

@Suite("A value of an environment in a log")
struct MaskTests {
    private static let secret = "p@ss/w0rd 'é\"x"
    private static let mask = Mask(["DB_PASSWORD": secret])

    @Test(
        "is hidden whatever stands behind it",
        arguments: ["\u{301}", "\u{200B}", "\u{200D}", "\u{FE0F}", "\n", "x"])
    func followed(by end: String) { #expect(!Self.mask.apply(Self.secret + end).contains("p@ss")) }

    @Test(
        "is hidden with characters inside that show nothing, such as the colours of grep",
        arguments: [
            "\u{200B}", "\u{AD}", "\u{FEFF}", "\u{2060}", "\u{1B}[01;31m\u{1B}[K", "\u{1B}[m",
            "\u{1B}(B\u{1B}[m", "\u{1B}]8;;https://x\u{7}", "\u{1B}]0;t\u{1B}\\", "\u{9B}1m", "\u{61C}", "\u{180B}",
            "\u{3164}",
            "\u{FFF9}", "\u{E0100}", "\u{1BCA0}", "\0", "\u{8}", "\r",
        ], [1, 3, 9])
    func unseen(text: String, at place: Int) {
        let (front, back) = (Self.secret.prefix(place), Self.secret.dropFirst(place))
        #expect(Self.mask.apply("found \(front)\(text)\(back)") == "found ***")
        #expect(Self.mask.apply("p%40s\(text)s%2Fw0rd%20%27%C3%A9%22x") == "***")
    }

    static let quoted: [String] = [
        "{\"k\": \"p@ss/w0rd 'é\\\"x\"}", "p@ss\\/w0rd 'é\\\"x", "'p@ss/w0rd '\\''é\"x'", "p\\@ss\\/w0rd\\ \\'é\\\"x",
        "p%40ss%2Fw0rd%20%27%C3%A9%22x", "p%40ss%2fw0rd%20%27%c3%a9%22x", "p%40ss%2Fw0rd+%27%C3%A9%22x",
        // Python's json.dumps and shlex.quote, Go's and .NET's JSON, encodeURIComponent, JSON in JSON, bytes of Python.
        #"{"k": "p@ss/w0rd '\u00e9\"x"}"#, #"'p@ss/w0rd '"'"'é"x'"#, #"p@ss/w0rd \u0027é\"x"#,
        #"p@ss/w0rd \u0027\u00E9\u0022x"#, "p%40ss%2Fw0rd%20'%C3%A9%22x", #"{"l": "{\"k\": \"p@ss/w0rd 'é\\\"x\"}"}"#,
        #"b'p@ss/w0rd \'\xc3\xa9"x'"#,
    ]

    @Test("is hidden with characters that UTF-16 has in two halves, and what is no escape is left as it is")
    func halves() {
        let mask = Mask(["DB_PASSWORD": "key😀<1"])
        #expect(
            mask.apply(#"a \ud83d\u {"k": "key\uD83D\ude00\u003c1"} \q \x4 %zz+%4"#)
                == #"a \ud83d\u {"k": "***"} \q \x4 %zz+%4"#)
        #expect(mask.apply("key😀<1key😀<1") == "******")
    }

    @Test("is shown where the variable is one of reconcile's own, but for one that sounds like a secret")
    func own() {
        let mask = Mask(["RECONCILE_SCHEMA_VERSION": "0002", "RECONCILE_TOKEN": "abcd", "VERSION": "0003"])
        #expect(mask.apply("RECONCILE_SCHEMA=0002 abcd 0003") == "RECONCILE_SCHEMA=0002 *** ***")
        let secrets = Secrets()
        secrets.learn(["RECONCILE_SCHEMA_VERSION": "0002"])
        #expect(secrets.hide(in: "RECONCILE_SCHEMA=0002") == "RECONCILE_SCHEMA=0002")
    }

    @Test("is hidden as JSON, a shell and a URL quote it", arguments: quoted)
    func quotes(text: String) {
        let shown = Self.mask.apply("a \(text) b")
        #expect(shown.contains("***") && !shown.contains("w0rd"), "\(shown)")
    }

    /// Written by ``Cases/quoted.py`` with the libraries and shells themselves.
    @Test("is hidden however a library or a shell quotes it")
    func written() throws {
        let file = Project.root + "/Tests/ResourcesTests/Cases/quoted.json"
        let rows = try JSON.parse(Array(Data(contentsOf: URL(fileURLWithPath: file)))).elements
        #expect(rows.count > 100)
        for row in rows {
            guard let value = row["value"]?.string, let text = row["text"]?.string else {
                Issue.record("\(row.compact)")
                continue
            }
            let shown = Mask(["DB_PASSWORD": value]).apply("a \(text) b")
            #expect(!shown.contains(value.prefix(3)) && shown.count < 30, "\(row.compact): \(shown)")
        }
    }

    @Test("is hidden in Base64, wherever in it it begins", arguments: 0..<6)
    func base64(offset: Int) {
        let text = Data((String(repeating: "x", count: offset) + Self.secret + "tail").utf8).base64EncodedString()
        for shape in [text, text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")] {
            let shown = Self.mask.apply(shape)
            let middle = shape.dropFirst(offset + 6).prefix(8)
            #expect(shown.contains("***") && !shown.contains(middle), "\(shown)")
        }
    }

    @Test("is hidden in hexadecimal digits", arguments: [false, true])
    func hex(isUpper: Bool) {
        let text = Self.secret.utf8.map { String(format: isUpper ? "%02X" : "%02x", $0) }.joined()
        #expect(Self.mask.apply("0x\(text)!") == "0x***!")
    }
}
