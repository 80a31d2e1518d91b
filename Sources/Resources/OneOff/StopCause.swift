import AWS

/// What the reasons mean for which ECS stops tasks, and what usually helps.
///
/// Sources: Amazon ECS Developer Guide, "Stopped task error messages", "Stopped task error codes", "TaskFailedToStart errors" and
/// "ResourceInitializationError"; ECS API Reference, Task (`stopCode`); AWS Fargate User Guide, "Fargate Spot".
struct StopCause: Sendable {
    /// What stands in a stop code, a task's reason or a container's.
    let words: String
    let meaning: String
    let remedy: String

    private init(_ words: String, _ meaning: String, _ remedy: String) {
        self.words = words
        self.meaning = meaning
        self.remedy = remedy
    }

    /// Nothing has to be mended.
    static let again = "run the same command again in a few minutes"

    /// The row that speaks of a task: by whether its command has run, the more exact one first.
    static func row(for task: ECSTask) -> StopCause? {
        let hasStarted = task.hasStarted && task.stopCode != "TaskFailedToStart"
        let said = ([task.stoppedReason] + task.containers.map(\.reason)).compactMap(\.self)
        return (hasStarted ? afterStart : beforeStart).first { row in
            task.stopCode?.contains(row.words) == true || said.contains { $0.contains(row.words) }
        }
    }

    /// The more exact ones first. In all of them the command never ran, so that running it again is safe.
    static let beforeStart = [
        StopCause(
            "CannotPull", "its image could not be pulled",
            "check that the image exists and that the task can reach its registry"),
        StopCause(
            "unable to pull secrets or registry auth", "a secret or the registry's password could not be fetched",
            "check the execution role's permissions for the secret, and the route from the task's subnets to AWS's services"
        ),
        StopCause(
            "failed to validate logger args", "its log could not be opened",
            "check that the log group exists, and that the execution role may write to it"),
        StopCause(
            "ResourceInitializationError", "ECS could not initialise the task's resources",
            "check the execution role's permissions and the route from the task's subnets to AWS's services"),
        StopCause(
            "InsufficientFreeAddressesInSubnet", "its subnets have no free address",
            "free addresses in the subnets, or name others in migrate.networkConfiguration"),
        StopCause(
            "Network Interface", "its network interface could not be made", "check that the subnets have free addresses"
        ),
        StopCause(
            "Timeout waiting for network interface provisioning", "its network interface came too late", again),
        StopCause("Timeout waiting for EphemeralStorage provisioning", "its storage came too late", again),
        StopCause("Capacity is unavailable", "AWS had no room for it", again),
        StopCause("Service Discovery instance could not be registered", "it could not be registered", again),
        StopCause(
            "not compatible with the selected compute strategy", "its definition does not run on this kind of capacity",
            "check requiresCompatibilities of the definition against migrate.launchType"),
        StopCause(
            "CannotStartContainerError", "its container could not be started",
            "check the command: is it on the image's PATH and executable?"),
        StopCause(
            "CannotCreateContainerError", "its container could not be made",
            "check the command: is it on the image's PATH and executable?"),
        StopCause(
            "CannotCreateVolumeError", "one of its volumes could not be mounted",
            "check the file system's mount targets, its security groups and the task role"),
        StopCause("OutOfMemoryError", "it had not enough memory", "give the task more memory"),
    ]

    /// In all of them the command may have run, and what it did is not known.
    static let afterStart = [
        StopCause(
            "SpotInterruption", "Fargate Spot took its capacity away",
            "run migrations on capacity that is not taken away"),
        StopCause("TerminationNotice", "the machine that it ran on was taken away", again),
        StopCause("InfrastructureHealth", "the machine that it ran on failed", again),
        StopCause("UserInitiated", "a user or a program stopped it", "find out who, in CloudTrail: StopTask"),
        StopCause("ServiceSchedulerInitiated", "ECS stopped it on behalf of a service", again),
        StopCause("OutOfMemoryError", "it had not enough memory, and was killed", "give the task more memory"),
        StopCause("ContainerRuntimeTimeoutError", "the container runtime did not answer", again),
        StopCause("ContainerRuntimeError", "the container runtime failed", again),
        StopCause("CannotInspectContainerError", "the container runtime could not tell how it ended", again),
    ]
}
