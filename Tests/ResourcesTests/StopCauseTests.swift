import Testing

@testable import AWS
@testable import Resources

@Suite("Why a task stopped")
struct StopCauseTests {
    /// Texts as AWS writes them.
    static let neverRan = [
        (
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref x: not found",
            "its image could not be pulled"
        ),
        (
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed",
            "a secret or the registry's password could not be fetched"
        ),
        (
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times",
            "its log could not be opened"
        ),
        (
            "ResourceInitializationError: failed to invoke EFS utils commands",
            "ECS could not initialise the task's resources"
        ),
        (
            "Unexpected EC2 error while attempting to Create Network Interface in subnet: InsufficientFreeAddressesInSubnet",
            "its subnets have no free address"
        ),
        ("Timeout waiting for network interface provisioning to complete.", "its network interface came too late"),
        ("Capacity is unavailable at this time. Please try again later", "AWS had no room for it"),
        (
            "The selected task definition is not compatible with the selected compute strategy.",
            "its definition does not run on this kind of capacity"
        ),
    ]

    @Test("before its command ran, and what helps", arguments: neverRan)
    func before(reason: String, expected: String) throws {
        let task = try VerdictTests.task(
            #"{"lastStatus":"STOPPED","stopCode":"TaskFailedToStart","stoppedReason":"\#(reason)","containers":[{"name":"app"}]}"#
        )
        let lines = StopReason.lines(task, container: "app")
        #expect(lines.contains { $0.hasPrefix("meaning: \(expected)") }, "\(lines)")
        let advice = try #require(StopReason.advice(task))
        #expect(advice.contains("run the same command again"))
    }

    @Test(
        "after it, when what it did is not known",
        arguments: [
            ("SpotInterruption", "Fargate Spot took its capacity away"),
            ("UserInitiated", "a user or a program stopped it"),
            ("InfrastructureHealth", "the machine that it ran on failed"),
            ("TerminationNotice", "the machine that it ran on was taken away"),
        ])
    func after(code: String, expected: String) throws {
        let task = try VerdictTests.task(
            #"{"lastStatus":"STOPPED","startedAt":1,"stopCode":"\#(code)","containers":[{"name":"app"}]}"#)
        #expect(StopReason.lines(task, container: "app").contains("meaning: \(expected)"))
    }

    @Test("an ordinary end needs no explanation")
    func ordinary() throws {
        let task = try VerdictTests.task(
            #"{"lastStatus":"STOPPED","startedAt":1,"stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited","containers":[{"name":"app","exitCode":1}]}"#
        )
        #expect(StopCause.row(for: task) == nil)
    }
}
