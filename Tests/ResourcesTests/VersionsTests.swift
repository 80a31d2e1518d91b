import Testing

@testable import Resources

@Suite("What marks add to what the ledger knows")
struct VersionsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var known: [String] = []
        var borne: [String] = []
        var listed: [String] = []
        let all: [String]
        let adopted: [String]
    }

    static let rows = [
        Row(testDescription: "nothing is known anywhere", all: [], adopted: []),
        Row(
            testDescription: "a new ledger takes all that is listed", borne: ["3"], listed: ["2", "3"],
            all: ["2", "3"], adopted: ["2", "3"]),
        Row(
            testDescription: "a new ledger takes the mark of a service that stayed behind as history",
            borne: ["2", "3"], listed: ["3"], all: ["2", "3"], adopted: ["2", "3"]),
        Row(
            testDescription: "another ledger went on", known: ["2"], borne: ["3"], listed: ["2", "3"],
            all: ["2", "3"], adopted: ["3"]),
        Row(
            testDescription: "another ledger went on before this one saw any of it", known: ["1"], borne: ["3"],
            listed: ["2", "3"], all: ["1", "2", "3"], adopted: ["2", "3"]),
        Row(
            testDescription: "an older mark on a service that stayed behind is no news", known: ["3"],
            borne: ["2", "3"], listed: ["2", "3"], all: ["3", "2", "3"], adopted: ["2", "3"]),
        Row(
            testDescription: "nor is one that stands on another family alone", known: ["3"], borne: ["2", "3"],
            listed: ["3"], all: ["3", "2", "3"], adopted: ["2", "3"]),
        Row(
            testDescription: "what was missed comes before what is new", known: ["3"], borne: ["2", "4"],
            listed: ["3", "4"], all: ["3", "2", "4"], adopted: ["2", "4"]),
    ]

    @Test("the latest stays the latest", arguments: rows)
    func joined(row: Row) {
        let versions = SchemaHistory.Versions(known: row.known, borne: row.borne, listed: row.listed, declared: .none)
        #expect(versions.all == row.all)
        #expect(versions.adopted == row.adopted)
        #expect(versions.all.count == row.known.count + row.adopted.count)
    }

    @Test(
        "versions that have an order by value are in it, whatever revisions say",
        arguments: [
            ([], ["2", "1"], ["1", "2"], ["1", "2"]), (["3"], ["2"], ["3", "2", "3"], ["2", "3"]),
            (["2"], ["4", "3"], ["2", "3", "4"], ["3", "4"]), (["2"], [], ["2"], []),
        ] as [([String], [String], [String], [String])])
    func byValue(known: [String], adopted: [String], all: [String], expected: [String]) {
        let versions = SchemaHistory.Versions(all: known + adopted, adopted: adopted, declared: .none)
            .ordered(by: .integer)
        #expect(versions.all == all)
        #expect(versions.adopted == expected)
    }
}
