import JSON
import Testing

@testable import Ledger

@Suite("Facts")
struct FactBookTests {
    @Test(
        "of those that say how many are kept the oldest of their kind go, and no others",
        arguments: [
            // What is recorded, each as NAME=VALUE or NAME=VALUE:KEEP, and what is left.
            ("a=1 a=2 a=3", "a=1 a=2 a=3"),
            ("a=1:1 a=2:1 a=3:1", "a=3"),
            ("a=1:2 a=2:2 a=3:2", "a=2 a=3"),
            ("a=1:1 b=1:1 a=2:1", "b=1 a=2"),
            // The kind of a name is what is before its first slash.
            ("tags/x=1:2 tags/y=2:2 tags/z=3:2", "tags/y=2 tags/z=3"),
            ("tags/x=1:2 tags=2:2 tags/x/y=3:2", "tags=2 tags/x/y=3"),
            ("tagsy=1:1 tags/y=2:1", "tagsy=1 tags/y=2"),
            // An older release kept all: the first one that says how many makes room.
            ("a=1 a=2 a=3 b=1 a=4:2", "a=3 b=1 a=4"),
            // The newest one stays, whatever it says.
            ("a=1:0", "a=1"), ("a=1 a=2:-3", "a=2"),
        ])
    func kept(recorded: String, left: String) throws {
        var book = FactBook()
        for text in recorded.split(separator: " ") {
            let parts = text.split(separator: "=")
            let value = parts[1].split(separator: ":")
            let keep = value.count > 1 ? Int(value[1]) : nil
            let fact = Fact(subject: "s", name: String(parts[0]), value: String(value[0]), keep: keep)
            #expect(Fact(json: fact.json) == fact)
            book.take(fact)
            book.take(Fact(subject: "other", name: "a", value: "x", keep: 1))
        }
        var expected: [JSON] = []
        for text in left.split(separator: " ") {
            expected.append(.array(text.split(separator: "=").map { .string(String($0)) }))
        }
        let pages = try book.close()
        #expect(pages.map(\.subject) == ["other", "s"])
        #expect(pages.map(\.text) == [#"[["a","x"]]"#, JSON.array(expected).canonical])
    }

    @Test("what a checkpoint names is read page by page, and facts since then are added to it")
    func pages() throws {
        var book = FactBook()
        book.take(Fact(subject: "s", name: "a", value: "1", keep: 9))
        let page = try #require(try book.close().first)
        var again = try #require(FactBook(digests: book.digests))
        #expect(!again.isKnown(ExactText("s")) && again.isKnown(ExactText("t")))
        again.take(Fact(subject: "s", name: "a", value: "2", keep: 9))
        for wrong in [nil, "", "[]", page.text + " ", #"[["a","2"]]"#] {
            #expect(throws: FactBook.Broken.self) { try again.take(wrong, of: ExactText("s")) }
        }
        try again.take(page.text, of: ExactText("s"))
        #expect(again.all(ExactText("s"), "a") == ["1", "2"])
        #expect(again.latest(ExactText("s"), "a") == "2")
        #expect(again.latest(ExactText("s"), "b") == nil)
        #expect(try again.close().map(\.text) == [#"[["a","1"],["a","2"]]"#])
        #expect(try again.close().isEmpty)
    }

    @Test("facts without a bound of their own are those of an earlier format: the newest 200 are kept")
    func usual() {
        var book = FactBook()
        for number in 1...250 { book.take(Fact(subject: "s", name: "a", value: "\(number)")) }
        #expect(book.all(ExactText("s"), "a").first == "51")
    }

    @Test(
        "what was never written as a checkpoint's facts is none",
        arguments: [[["s"]], [[1, "x"]], [["s", 1]], ["s"], [["s", "x", "y"]]] as [JSON])
    func unreadable(json: JSON) {
        #expect(FactBook(digests: json) == nil)
    }
}
