import Testing

@testable import Resources

@Suite("The age of an intent")
struct IntentAgeTests {
    struct Row: Sendable {
        let seconds: Int64?
        let maySeeStale: Bool
        let mayResend: Bool
    }

    @Test(
        "without AWS's time, or with one from elsewhere, an intent counts as old",
        arguments: [
            Row(seconds: nil, maySeeStale: false, mayResend: false),
            Row(seconds: -3_600, maySeeStale: false, mayResend: false),
            Row(seconds: -1, maySeeStale: true, mayResend: true),
            Row(seconds: 0, maySeeStale: true, mayResend: true),
            Row(seconds: 59, maySeeStale: true, mayResend: true),
            Row(seconds: 60, maySeeStale: false, mayResend: true),
            Row(seconds: 2_999, maySeeStale: false, mayResend: true),
            Row(seconds: 3_000, maySeeStale: false, mayResend: false),
        ])
    func bounds(row: Row) {
        let age = IntentAge(seconds: row.seconds)
        #expect(age.maySeeStale == row.maySeeStale)
        #expect(age.mayResend == row.mayResend)
    }

    @Test("what ends by itself after a minute may go on for two, as far as AWS's time is known")
    func goingOn() {
        let ages: [Int64?] = [nil, -3_600, -1, 0, 119, 120]
        #expect(ages.map { IntentAge(seconds: $0).mayGoOn(.seconds(60)) } == [false, false, true, true, true, false])
    }
}
