import Testing

@testable import AWS

@Suite("A reading that fails for a moment")
struct ReadPatienceTests {
    private static func error(_ kind: AWSError.Kind) -> AWSError {
        AWSError(operation: "ecs:DescribeServices", kind: kind, message: "Rate exceeded")
    }

    /// A fault that comes a number of times, and what becomes of the reading.
    struct Row: Sendable, CustomTestStringConvertible {
        let kind: AWSError.Kind
        let times: Int
        var remaining: Duration?
        let isAnswered: Bool
        /// Whether whoever called may try it again.
        var isTransient = false

        var testDescription: String { "\(kind), \(times) times\(remaining.map { ", \($0) left" } ?? "")" }
    }

    private static let throttled = AWSError.Kind.refused(code: "ThrottlingException", status: 400)
    private static let broken = AWSError.Kind.unanswered(.broken, mayHaveArrived: true)
    static let rows = [
        Row(kind: throttled, times: 1, isAnswered: true),
        // Nine of ten calls throttled, with bad luck.
        Row(kind: throttled, times: 25, isAnswered: true),
        Row(kind: throttled, times: 1_000, isAnswered: false),
        Row(kind: throttled, times: 25, remaining: .seconds(3), isAnswered: false, isTransient: true),
        Row(kind: .refused(code: "ServerException", status: 500), times: 6, isAnswered: true),
        Row(kind: .refused(code: "ServerException", status: 500), times: 7, isAnswered: false),
        Row(kind: .foreign(status: 502), times: 6, isAnswered: true),
        Row(kind: broken, times: 6, isAnswered: true),
        Row(kind: broken, times: 7, isAnswered: false),
        Row(kind: .refused(code: "AccessDeniedException", status: 400), times: 1, isAnswered: false),
        Row(kind: .unanswered(.cancelled, mayHaveArrived: false), times: 1, isAnswered: false),
        Row(kind: .malformed, times: 1, isAnswered: false),
    ]

    @Test("is sent again as long as that helps, and each time is reported", arguments: rows)
    func reading(row: Row) async {
        let hands = CallBudgetTests.Hands()
        let reports = CallBudgetTests.Hands()
        let patience = ReadPatience(
            elapsed: { hands.now.withLock(\.self) }, sleep: { hands.pass($0) }, jitter: { 0.5 },
            report: { _ in reports.pass(.seconds(1)) })
        var calls = 0
        var failure: AWSError?
        do throws(AWSError) {
            try await patience.reading(
                remaining: { row.remaining.map { $0 - hands.now.withLock(\.self) } }, slowDown: {},
                call: { () throws(AWSError) in
                    calls += 1
                    if calls <= row.times { throw Self.error(row.kind) }
                })
        } catch {
            failure = error
        }
        #expect((failure == nil) == row.isAnswered)
        #expect(failure?.isTransient ?? false == row.isTransient)
        #expect(reports.now.withLock(\.self) == .seconds(calls - 1))
        #expect(hands.now.withLock(\.self) <= row.remaining ?? ReadPatience.throttled)
    }

    @Test("empties the account's bucket where it is throttled, so that all who share it slow down")
    func bucket() async {
        let budget = CallBudgetTests.budget(CallBudgetTests.Hands())
        #expect(await budget.reserve("ecs:DescribeServices") == .zero)
        await budget.drain("ecs:DescribeServices")
        #expect(await budget.reserve("ecs:DescribeServices") == .milliseconds(50))
        #expect(await budget.reserve("ecs:DescribeTasks") == .zero)
    }
}
