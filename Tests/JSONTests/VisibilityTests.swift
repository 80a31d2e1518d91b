import JSON
import Testing

@Suite("What a terminal obeys or hides")
struct VisibilityTests {
    static let hostile = [
        "\u{1B}[2J", "\u{9B}31m", "\u{7F}", "\u{85}", "\u{202E}abc", "\u{2066}x", "\u{200B}", "\u{FEFF}", "\u{2028}",
        "\u{2029}", "a\r::error::b", "\u{E0041}", "\u{3164}", "\u{34F}",
    ]

    @Test("is shown as \\u{…} in a text", arguments: hostile)
    func text(hostile: String) {
        #expect(hostile.visible.unicodeScalars.allSatisfy { !$0.isObeyedOrHidden })
        #expect(hostile.visible.contains("\\u{"))
    }

    @Test(
        "is written as \\uXXXX in printed JSON, which reads back as the same value", arguments: hostile + ["##[error]x"]
    )
    func json(hostile: String) throws {
        let value: JSON = ["key": .string(hostile)]
        let printed = value.printable
        #expect(printed.unicodeScalars.allSatisfy { !$0.isObeyedOrHidden } && !printed.contains("##["))
        #expect(try JSON.parse(printed) == value)
    }

    @Test("and what is neither stays as it is", arguments: ["plain", "größer", "日本", "e\u{301}", "⚠\u{FE0F}", "a\tb"])
    func harmless(text: String) { #expect(text.visible == text) }
}
