import JSON

enum SchemaKeys {
    static let database = ManifestKey<String?>.required(
        "database", .text(.letters(Syntax.label)), "what the ledger and tags call it; nothing connects to it")
    static let version = ManifestKey<String>.text(
        "version", .letters(Syntax.version), standard: "image",
        "the wanted version, or `image`; `--schema-version` overrides it")
    static let order = ManifestKey<VersionOrder>.choice(
        "order", standard: .opaque, "[how two versions are compared](#schema)")
    static let accepts = ManifestKey<SchemaSpec.Accepts>.choice(
        "accepts", standard: .exact, "whether a newer schema than the wanted one is accepted")
    static let migrate = ManifestKey<ManifestSection>.object(
        MigrateKeys.section, "[how a migration runs](#schemamigrate)")
    static let probe = ManifestKey<ManifestSection>.object(
        ProbeKeys.section, "[a command that reports the version](#schemaprobe)")
    static let after = ManifestKey<ManifestSection>.object(
        AfterKeys.section, "[a second migration](#schemaafter), after the services have moved")

    static let section = ManifestSection(
        key: "schema",
        keys: [
            database.facts, version.facts, order.facts, accepts.facts, migrate.facts, probe.facts, after.facts,
        ])
}

enum MigrateKeys {
    static let runner = ManifestKey<RunnerKind>.choice(
        "runner", standard: .ecsTask, "[what runs it](#runners)")
    static let function = ManifestKey<String?>.optional(
        "function", .text(Syntax.function), otherwise: "required with `lambda`",
        "the function's name or ARN, optionally with `:QUALIFIER`; with `lambda` only")
    static let command = ManifestKey<[String]>.strings(
        "command", standard: ["db-migrate"],
        "replaces the container's command; is passed to the function; is run by `process`")
    static let environment = ManifestKey<[String: String]>.dictionary(
        "environment",
        "more variables for the migration. Everyone who may call DescribeTasks sees them: put secrets into the "
            + "definition's `secrets`")
    static let taskRoleARN = ManifestKey<String?>.optional(
        "taskRoleArn", .text(.pattern("^arn:", bound: "begins with `arn:`")), otherwise: "the definition's",
        "a role for the migration's task")
    static let timeout = ManifestKey<Duration>.duration(
        "timeout", minutes: 30, note: "`lambda`: `15m`", bound: "`lambda`: 15m",
        "how long to wait; then `apply` detaches (exit 5) and the task continues. [Other runners](#runners)")
    static let log = ManifestKey<MigrateSpec.Log>.choice(
        "log", standard: .required,
        "whether its log must be read to the end before exit code 0 counts as success, see [logs](#logs); runner "
            + "`ecs-task` only")
    static let rerunnable = ManifestKey<Bool>.flag(
        "rerunnable", standard: false,
        "a migration that was cut off without an exit code may be run again without asking")
    static let service = ManifestKey<String?>.optional(
        "service", .text(.free), otherwise: "the first", bound: "one of `services`",
        "from whose revision and network it runs")
    static let definition = ManifestKey<ManifestSection>.object(
        MigrationDefinitionKeys.section, otherwise: services,
        "[a task definition of its own](#schemamigratetaskdefinition), such as one with more rights in the database")
    static let launchType = ManifestKey<String?>.optional(
        "launchType", .text(.filled), otherwise: services, "as in RunTask; not with `capacityProviderStrategy`")
    static let capacityProviderStrategy = ManifestKey<JSON?>.optional(
        "capacityProviderStrategy", .list, otherwise: services, "as in RunTask; not with `launchType`")
    static let platformVersion = ManifestKey<String?>.optional(
        "platformVersion", .text(.filled), otherwise: services, "as in RunTask")
    static let networkConfiguration = ManifestKey<JSON?>.optional(
        "networkConfiguration", .document(member: "awsvpcConfiguration"), otherwise: services, "as in RunTask")
    static let placementConstraints = ManifestKey<JSON?>.optional(
        "placementConstraints", .list, otherwise: services, "as in RunTask")

    static let cpu = ManifestKey<String?>.optional(
        "cpu", .text(.pattern("^[0-9]+$", bound: "digits, as a text")), otherwise: definitions,
        "the CPU units of the migration's task, such as `\"1024\"`")
    static let memory = ManifestKey<String?>.optional(
        "memory", .text(.pattern("^[0-9]+$", bound: "digits, as a text")), otherwise: definitions,
        "its memory in MiB, such as `\"4096\"`")
    static let ephemeralStorage = ManifestKey<Int?>.optional(
        "ephemeralStorage", .count(20...200), otherwise: definitions, "its storage in GiB")
    static let volumeConfigurations = ManifestKey<JSON?>.optional(
        "volumeConfigurations", .list, otherwise: services, "as in RunTask, for volumes that are configured at launch")
    static let tags = ManifestKey<[String: String]>.dictionary(
        "tags", "more tags for its task, such as for cost reports")
    static let propagateTags = ManifestKey<TagSource>.choice(
        "propagateTags", standard: .none, "whether its task also gets the tags of the definition")
    static let managedTags = ManifestKey<Bool>.flag(
        "enableECSManagedTags", standard: false, "whether ECS tags its task with the cluster's name")

    private static let services = "the service's"
    private static let definitions = "the definition's"

    /// Those that say how an ECS task is run, and nothing to any other runner.
    static let task = [
        taskRoleARN.facts, log.facts, definition.facts, launchType.facts, capacityProviderStrategy.facts,
        platformVersion.facts, networkConfiguration.facts, placementConstraints.facts, volumeConfigurations.facts,
        cpu.facts, memory.facts,
        ephemeralStorage.facts, tags.facts, propagateTags.facts, managedTags.facts,
    ]

    static let section = ManifestSection(
        key: "migrate", within: "schema",
        keys: [
            runner.facts, function.facts, command.facts, environment.facts, taskRoleARN.facts, timeout.facts,
            log.facts, rerunnable.facts, service.facts, definition.facts, launchType.facts,
            capacityProviderStrategy.facts,
            platformVersion.facts, networkConfiguration.facts, placementConstraints.facts,
            volumeConfigurations.facts, cpu.facts, memory.facts, ephemeralStorage.facts, tags.facts,
            propagateTags.facts, managedTags.facts,
        ])
}

enum MigrationDefinitionKeys {
    static let file = ManifestKey<String?>.optional(
        "file", .text(.filled), "as in [taskDefinition](#taskdefinition), relative to the manifest")
    static let definition = ManifestKey<JSON?>.optional("definition", .definition, "the same, inline")
    static let family = ManifestKey<String?>.optional(
        "family", .text(.letters(Syntax.name)),
        "instead of these: its newest active revision, with the released image, is what the migration runs from")
    static let container = ManifestKey<String?>.optional(
        "container", .text(.filled), otherwise: "the one with the released image", "in which the migration runs")
    static let allowUnknown = ManifestKey<[String]>.strings(
        "allowUnknown", otherwise: "none", "as in [taskDefinition](#taskdefinition)")

    static let section = ManifestSection(
        key: "taskDefinition", within: "schema.migrate",
        keys: [file.facts, definition.facts, family.facts, container.facts, allowUnknown.facts])
}

enum ProbeKeys {
    static let command = ManifestKey<[String]?>.required(
        "command", .strings,
        "a command of the image that prints `RECONCILE_SCHEMA=VERSION`, or `RECONCILE_SCHEMA=VERSION dirty`")
    static let pattern = ManifestKey<String?>.optional(
        "pattern", .text(.filled),
        "for a program that reports the version in its own words: a regular expression whose first group is the "
            + "version; if a second group matches anything, the schema is dirty")

    static let section = ManifestSection(key: "probe", within: "schema", keys: [command.facts, pattern.facts])
}

enum AfterKeys {
    static let version = ManifestKey<String?>.required(
        "version", .text(.letters(Syntax.version)), bound: "comes after `schema.version`",
        "the version that the database is brought to last")
    static let command = ManifestKey<[String]?>.optional(
        "command", .strings, otherwise: "`migrate.command`", "as in `migrate`")
    static let environment = ManifestKey<[String: String]>.dictionary(
        "environment", "more variables, in addition to those of `migrate.environment`")
    static let timeout = ManifestKey<Duration?>.optional(
        "timeout", .duration, otherwise: "`migrate.timeout`", "for old code to end, and for the migration")
    static let rerunnable = ManifestKey<Bool?>.optional(
        "rerunnable", .flag, otherwise: "`migrate.rerunnable`", "as in `migrate`")

    static let section = ManifestSection(
        key: "after", within: "schema",
        keys: [version.facts, command.facts, environment.facts, timeout.facts, rerunnable.facts])
}
