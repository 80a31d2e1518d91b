import AWS
import Base
import JSON
import Manifest

/// A one-off command of the application's image, as a person asks for it.
public struct CommandSpec: Sendable {
    /// The program, then each of its arguments.
    public var command: [String]
    /// Overrides of the container's environment: shown by DescribeTasks to everybody who may call it, and never here.
    public var environment: [String: String]
    public var taskRoleARN: String?
    /// Whether it is only started: its end is recorded by a later command.
    public var isDetached: Bool
    /// Whether it has the database for itself, as a migration does.
    public var isExclusive: Bool
    /// Whether it runs from the migration's own definition, where there is one.
    public var isMigrators = false
    /// How long its end is waited for.
    public var timeout: Duration
    /// How it tells a schema's version, where it is run for that and does not print `RECONCILE_SCHEMA=VERSION`.
    public var pattern: VersionPattern?
    /// Told what it said of a schema's version, if it said anything.
    public var answered: (@Sendable (ProbeAnswer) -> Void)?

    public init(
        command: [String], environment: [String: String] = [:], taskRoleARN: String? = nil, isDetached: Bool = false,
        isExclusive: Bool = true, timeout: Duration = .seconds(3_600), pattern: VersionPattern? = nil,
        answered: (@Sendable (ProbeAnswer) -> Void)? = nil
    ) {
        self.pattern = pattern
        self.answered = answered
        self.command = command
        self.environment = environment
        self.taskRoleARN = taskRoleARN
        self.isDetached = isDetached
        self.isExclusive = isExclusive
        self.timeout = timeout
    }

    /// As the ledger and people see it. Values of the environment that stand in it are hidden.
    var text: String { Mask(environment).apply(ShellWord.line(command)) }

    /// What makes it this command and no other: all that it is started with. It holds values that may be secret, and so only
    /// a digest of it is kept, with the ledger's key.
    ///
    /// - Parameter revision: what it runs from.
    func identity(from revision: String) -> String {
        let parts: JSON = .members([
            "command": command, "environment": environment.map { "\($0.key)=\($0.value)" }.sorted { $0.precedes($1) },
            "taskRole": taskRoleARN ?? "", "revision": revision,
        ])
        return parts.canonical
    }
}
