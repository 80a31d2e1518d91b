import Testing
import Time

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "the three forms",
        arguments: [
            (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_795_401_332, "2026-11-23T02:35:32Z", "Mon, 23 Nov 2026 02:35:32 GMT"),
            (4_107_542_399, "2100-02-28T23:59:59Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
        ] as [(Int64, String, String)])
    func forms(seconds: Int64, iso: String, http: String) {
        let time = Timestamp(seconds: seconds)
        #expect(time.iso8601 == iso)
        #expect(time.httpDate == http)
        #expect(Timestamp(httpDate: http) == time)
        #expect(time.basic == iso.filter { $0 != "-" && $0 != ":" })
    }

    @Test(
        "what is no date is none",
        arguments: [
            "", "Mon", "Mon, 23 Nov 2026 02:35:32", "Mon, 23 Nov 2026 25:35:32 GMT", "Monday, 23-Nov-26 02:35:32 GMT",
        ])
    func refused(text: String) {
        #expect(Timestamp(httpDate: text) == nil)
    }
}
