import Testing

@testable import Resources

@Suite("The age of an intent")
struct IntentAgeTests {
    struct Row: Sendable {
        let seconds: Int64?
        var atLeast: Int64 = 0
        let maySeeStale: Bool
        let mayResend: Bool
    }

    @Test(
        "an intent whose age is not known is neither sent again nor taken for settled",
        arguments: [
            Row(seconds: nil, maySeeStale: true, mayResend: false),
            Row(seconds: nil, atLeast: 59, maySeeStale: true, mayResend: false),
            Row(seconds: nil, atLeast: 60, maySeeStale: false, mayResend: false),
            Row(seconds: -3_600, maySeeStale: true, mayResend: false),
            Row(seconds: -3_600, atLeast: 60, maySeeStale: false, mayResend: false),
            Row(seconds: -1, maySeeStale: true, mayResend: true),
            Row(seconds: 0, maySeeStale: true, mayResend: true),
            Row(seconds: 59, maySeeStale: true, mayResend: true),
            Row(seconds: 60, maySeeStale: false, mayResend: true),
            Row(seconds: 60, atLeast: 5, maySeeStale: false, mayResend: true),
            Row(seconds: 2_699, maySeeStale: false, mayResend: true),
            Row(seconds: 2_700, maySeeStale: false, mayResend: false),
        ])
    func bounds(row: Row) {
        let age = IntentAge(seconds: row.seconds, atLeast: row.atLeast)
        #expect(age.maySeeStale == row.maySeeStale)
        #expect(age.mayResend == row.mayResend)
    }

    @Test(
        "what ends by itself after a minute may go on for two, from when this process knows it where no other time is known"
    )
    func goingOn() {
        let ages: [Int64?] = [nil, -3_600, -1, 0, 119, 120]
        #expect(ages.map { IntentAge(seconds: $0).mayGoOn(.seconds(60)) } == [true, true, true, true, true, false])
        #expect(!IntentAge(seconds: nil, atLeast: 120).mayGoOn(.seconds(60)))
    }
}
