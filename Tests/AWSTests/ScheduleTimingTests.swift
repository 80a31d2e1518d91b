import JSON
import Testing
import Time

@testable import AWS

@Suite("When a schedule starts something")
struct ScheduleTimingTests {
    /// 2026-11-30T12:00:00Z
    private static let noon = 1_796_040_000

    private func timing(_ schedule: JSON) -> ScheduleTiming {
        ScheduleTiming(schedule, now: Timestamp(seconds: Int64(Self.noon)))
    }

    @Test(
        "a start that is over is not sent again: of a rate, the next time of its series is",
        arguments: [
            ("cron(0 3 * * ? *)", -86_400, nil), ("cron(0 3 * * ? *)", 60, 60),
            ("rate(1 day)", -10 * 3_600, 14 * 3_600),
            ("rate(1 day)", -3 * 86_400, 86_400), ("rate(15 minutes)", -60, 14 * 60), ("rate(2 hours)", 0, 0),
            ("rate(2 fortnights)", -60, nil), ("rate(day)", -60, nil), ("rate(0 days)", -60, nil),
        ] as [(String, Int, Int?)])
    func start(expression: String, startsIn: Int, sent: Int?) {
        let schedule: JSON = ["ScheduleExpression": .string(expression), "StartDate": .integer(Self.noon + startsIn)]
        #expect(timing(schedule).start?.integer == sent.map { Self.noon + $0 })
    }

    @Test("a schedule without a start gets none, and a fraction of a second does not matter")
    func odd() {
        #expect(timing(["ScheduleExpression": "rate(1 day)"]).start == nil)
        #expect(
            timing(["ScheduleExpression": "rate(1 hour)", "StartDate": .double(Double(Self.noon) - 1.5)]).start?.integer
                == Self.noon + 3_598)
        #expect(timing(["ScheduleExpression": "rate(1 hour)", "StartDate": .double(1e300)]).start == .double(1e300))
    }

    @Test(
        "is over after its end, and a day after its only time, whatever its time zone",
        arguments: [
            ("at(2026-11-28T11:59:59)", nil, true), ("at(2026-11-30T11:00:00)", nil, false),
            ("at(2026-12-24T18:00:00)", nil, false), ("at(soon)", nil, false), ("cron(0 3 * * ? *)", nil, false),
            ("rate(1 day)", -1, true), ("rate(1 day)", 1, false), ("at(2026-12-24T18:00:00)", -1, false),
        ] as [(String, Int?, Bool)])
    func over(expression: String, endsIn: Int?, isOver: Bool) {
        let schedule = JSON.members(["ScheduleExpression": expression, "EndDate": endsIn.map { Self.noon + $0 }])
        #expect(timing(schedule).isOver == isOver)
    }

    @Test("a rate whose next time would be after its end is over, too")
    func overBeforeTheNext() {
        let schedule: JSON = ["ScheduleExpression": "rate(1 day)", "StartDate": .integer(Self.noon - 3_600)]
        for (end, isOver) in [(3_600, true), (23 * 3_600, true), (24 * 3_600, false)] {
            var schedule = schedule
            schedule["EndDate"] = .integer(Self.noon + end)
            #expect(timing(schedule).isOver == isOver, "\(end)")
        }
    }
}
