import JSON

/// The desired state of one environment, as its file says it: parsed and checked, nothing looked up yet.
public struct Manifest: Sendable, Equatable {
    public var path: String
    public var environment: String
    public var region: String?
    public var cluster: String
    /// nil for the one that the environment names, or the one next to the manifest.
    public var ledger: LedgerAddress?
    public var image: ImageSpec
    public var definition: TaskDefinitionSpec
    public var schema: SchemaSpec?
    public var services: [ServiceSpec]
    public var schedules: [ScheduleSpec] = []
    /// The account that the credentials must be of; nil for any.
    public var account: String?
    /// Where the values of `${tfstate:…}` are; nil if it names no Terraform state.
    public var state: StatePlace?
    /// The values of the variables that its texts have, by `env:NAME`, `var:NAME`, `ssm:NAME` and `tfstate:ADDRESS`: an
    /// approved plan is for these alone.
    public var variables: [String: String] = [:]
    /// What its texts need and was not looked up: such a manifest is checked, and nothing else is done with it.
    public var unread: [NeededValue] = []
    /// What of its release an option or a variable gives.
    public var given: Set<ReleasePart> = []
    /// What is compared as it was applied last, where CI gives it with each apply: of drift and status.
    public var asApplied: Set<ReleasePart> = []

    /// The names that were looked up for it, in order.
    public func lookups(_ kind: Lookup.Kind) -> [String] {
        let prefix = kind.rawValue + ":"
        return variables.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
    }

    /// The cluster's name, also where its ARN is given.
    public var clusterName: String { cluster.split(separator: "/").last.map(String.init) ?? cluster }

    /// The region in the cluster's ARN; nil if the cluster is given by its name.
    public var clusterRegion: String? {
        let parts = cluster.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 3 && !parts[3].isEmpty ? String(parts[3]) : nil
    }
}

/// The image that code and migration come from.
public struct ImageSpec: Sendable, Hashable {
    public enum Version: Sendable, Hashable {
        case tag(String)
        /// `sha256:` and 64 hexadecimal digits.
        case digest(String)
        /// The one that was applied last: where a comparison is given none.
        case lastApplied
    }

    public var repository: String
    public var version: Version
    /// Whether a tag is resolved to its digest, so that migration and services run the same bytes.
    public var pin: Bool

    /// As it is named: `repository:tag` or `repository@digest`.
    public var text: String {
        switch version {
        case .tag(let tag): "\(repository):\(tag)"
        case .digest(let digest): "\(repository)@\(digest)"
        case .lastApplied: repository
        }
    }
}

/// Where the definition comes from.
public struct TaskDefinitionSpec: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// In AWS's own shape, from a file or inline.
        case declared(JSON)
        /// Each service's own revision with only the image replaced.
        case derived(base: Base)
    }

    public enum Base: String, Sendable, CaseIterable {
        /// The revision that the service points at.
        case service
        /// The newest active revision of its family.
        case latest
    }

    public var source: Source
    /// The container in which the migration runs, and whose image is replaced in any case; nil for the only one that may be.
    public var container: String?
    /// The containers whose image is replaced; nil for all whose image is of the manifest's repository.
    public var containers: [String]?
    /// The file that it was read from, relative to the manifest; nil where it has none of its own.
    public var file: String?
}

/// The desired state of one database's schema.
public struct SchemaSpec: Sendable, Equatable {
    public enum Version: Sendable, Equatable {
        /// Migrate once for each new image.
        case image
        case declared(String)
        /// The one that the database was brought to last: where a comparison is given none.
        case lastApplied
    }

    public enum Accepts: String, Sendable, CaseIterable {
        case exact
        case atLeast = "at-least"
    }

    public var database: String
    public var version: Version
    public var order: VersionOrder
    public var accepts: Accepts
    public var migrate: MigrateSpec
    public var probe: ProbeSpec?
    /// What is migrated once nothing of the old code runs any more.
    public var after: AfterSpec?
    /// The version that this one is followed by in the same manifest: a database that is there is not too new.
    public var successor: String?
    /// The version that the same manifest migrates to first.
    public var predecessor: String?

    /// Whether a database is at the version that follows.
    public func isAtSuccessor(_ version: String) -> Bool { successor.map { order.isSame(version, $0) } ?? false }

    /// The second migration as a schema of its own.
    public var afterwards: SchemaSpec? {
        guard let after else { return nil }
        var spec = self
        spec.version = .declared(after.version)
        spec.after = nil
        spec.successor = nil
        if case .declared(let first) = version { spec.predecessor = first }
        spec.migrate.command = after.command ?? migrate.command
        spec.migrate.environment.merge(after.environment) { $1 }
        spec.migrate.timeout = after.timeout ?? migrate.timeout
        spec.migrate.rerunnable = after.rerunnable ?? migrate.rerunnable
        return spec
    }

    /// The variable that gives a migration the declared version.
    public static let versionVariable = "RECONCILE_SCHEMA_VERSION"

    /// What the migration's program gets: the declared version, and what the manifest says, which outranks it.
    public var environment: [String: String] {
        guard case .declared(let version) = version else { return migrate.environment }
        return [Self.versionVariable: version].merging(migrate.environment) { $1 }
    }
}

/// The kinds of runners, as manifests and intents name them.
public enum RunnerKind: String, Sendable, CaseIterable {
    case ecsTask = "ecs-task"
    case lambda
    case process
}

/// How a migration is run.
public struct MigrateSpec: Sendable, Equatable {
    /// What runs it.
    public enum Runner: Sendable, Equatable {
        /// A one-off ECS task of the revision that the services get.
        case ecsTask
        /// A Lambda function, by its name or ARN, perhaps with a qualifier.
        case lambda(function: String)
        /// A process on the machine of `reconcile`.
        case process

        public var kind: RunnerKind {
            switch self {
            case .ecsTask: .ecsTask
            case .lambda: .lambda
            case .process: .process
            }
        }
    }

    public var runner = Runner.ecsTask
    public var command: [String]
    public var environment: [String: String]
    public var taskRoleARN: String?
    public var timeout: Duration
    /// Whether running it again after an unknown end is safe.
    public var rerunnable: Bool
    /// Whether the end of its log must have been read before exit code 0 counts as success.
    public enum Log: String, Sendable, CaseIterable {
        case required
        case optional
    }

    public var log = Log.required
    /// The service from whose revision and network it runs; nil for the first.
    public var service: String?
    /// Its own task definition; nil for the one that the service gets.
    public var definition: MigrationDefinitionSpec?
    /// What is launched otherwise than the service, in AWS's own shapes.
    public var launch: LaunchOverrides
}

/// A task definition that only the migration runs from.
public struct MigrationDefinitionSpec: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// In AWS's own shape, from a file or inline.
        case declared(JSON)
        /// The newest active revision of a family with only the image replaced.
        case newest(family: String)
    }

    /// The key of a manifest that names a family.
    public static let familyKey = "schema.migrate.taskDefinition.family"

    public var source: Source
    /// The container in which the migration runs; nil for the only one that may be.
    public var container: String?
}

public struct LaunchOverrides: Sendable, Equatable {
    public var launchType: String?
    public var capacityProviderStrategy: JSON?
    public var platformVersion: String?
    public var networkConfiguration: JSON?
    public var placementConstraints: JSON?
    public var volumeConfigurations: JSON?
    public var size = TaskSize()
    public var tags = TaskTags()

    public static let empty = LaunchOverrides()
}

/// What a task gets of a machine, where that is not what its definition says.
public struct TaskSize: Sendable, Equatable {
    /// In CPU units.
    public var cpu: String?
    /// In MiB.
    public var memory: String?
    /// In GiB.
    public var ephemeralStorage: Int?
}

/// The tags of a task besides those of `reconcile`.
public struct TaskTags: Sendable, Equatable {
    public var own: [String: String] = [:]
    public var source = TagSource.none
    public var isManaged = false
}

/// Where a task gets more tags from. (ECS API Reference, RunTask, "propagateTags": a service's are for its own tasks.)
public enum TagSource: String, Sendable, CaseIterable {
    case none = "NONE"
    case definition = "TASK_DEFINITION"
}

/// A migration after the services have moved, such as one that takes away what only the old code needed. What is left out is
/// as in the first one.
public struct AfterSpec: Sendable, Equatable {
    public var version: String
    public var command: [String]?
    public var environment: [String: String]
    public var timeout: Duration?
    public var rerunnable: Bool?
}

/// A one-off command that prints the schema version really in the database.
public struct ProbeSpec: Sendable, Equatable {
    public var command: [String]
    /// How it tells the version, where it does not print `RECONCILE_SCHEMA=VERSION`.
    public var pattern: VersionPattern?
}

/// A service to be moved.
public struct ServiceSpec: Sendable, Equatable {
    public var name: String
    /// nil leaves the count to whoever owns it.
    public var desiredCount: Int?
    /// How long its rollout may take; nil for 15 minutes and what its strategy takes.
    public var timeout: Duration?
    public var until = RolloutGoal.completed
    /// Overrides the definition's container for a service whose container has another name.
    public var container: String?
    public var settings: ServiceSettings
    /// How it is created where it does not exist, in the shape of CreateService; nil for a service that must exist.
    public var creation: JSON?
}

/// What a service is set to besides its revision and count, in AWS's own shapes: members that are not declared stay with
/// whoever owns them.
public struct ServiceSettings: Sendable, Equatable {
    public var deploymentConfiguration: JSON?
    public var networkConfiguration: JSON?
}

/// A part of a release that CI may give with each apply, so that the manifest in the repository says nothing of it, or
/// something older.
public enum ReleasePart: String, Sendable, CaseIterable {
    case image
    case schema
}
