import JSON

enum RootKeys {
    static let schemaFile = ManifestKey<JSON?>.optional(
        "$schema", .any, "where an editor finds the JSON Schema; not read")
    static let apiVersion = ManifestKey<String?>.required(
        "apiVersion", .text(.pattern("^reconcile/v1$", bound: "")), "the version of this form: `reconcile/v1`")
    static let environment = ManifestKey<String?>.required(
        "environment", .text(.letters(Syntax.label)), "what the ledger and tags call it")
    static let region = ManifestKey<String?>.optional(
        "region", .text(.letters(Syntax.region)), otherwise: "from the environment",
        "the AWS region; `--region` overrides it")
    static let account = ManifestKey<String?>.optional(
        "account", .text(Syntax.account), otherwise: "whatever account the credentials are of",
        "the AWS account that it is in: with credentials of another one nothing is done (exit 77); `--account` overrides it"
    )
    static let cluster = ManifestKey<String>.text(
        "cluster", .free, standard: "default", "the ECS cluster, by name or ARN")
    static let ledger = ManifestKey<String?>.optional(
        "ledger", .text(.filled), otherwise: "`.reconcile/ledger.sqlite` next to the manifest",
        "a file, relative to the manifest, or `s3://BUCKET/PREFIX` ([many machines](shared-ledger.md)); `--ledger` "
            + "overrides it")
    static let image = ManifestKey<ManifestSection>.object(
        ImageKeys.section, "the [image](#image) of code and migration")
    static let taskDefinition = ManifestKey<ManifestSection>.object(
        TaskDefinitionKeys.section, otherwise: "derived", "where the [task definition](#taskdefinition) comes from")
    static let schema = ManifestKey<ManifestSection>.object(
        SchemaKeys.section, otherwise: "none",
        "the [schema](#schema) of the database; left out: an application without a database")
    static let services = ManifestKey<ManifestSection>.objects(
        ServiceKeys.section, bound: "at least one", "the [services](#services) to move")
    static let schedules = ManifestKey<ManifestSection>.objects(
        ScheduleKeys.section, otherwise: "none",
        "[rules and schedules](#schedules) that start tasks of the same definitions: they move after the services")
    static let sources = ManifestKey<ManifestSection>.object(
        SourcesKeys.section, "where [variables](#variables) are looked up: `tfstate`, a Terraform state")

    static let section = ManifestSection(
        key: "",
        isRequired: true,
        keys: [
            schemaFile.facts, apiVersion.facts, environment.facts, region.facts, account.facts, cluster.facts,
            ledger.facts,
            image.facts,
            taskDefinition.facts, schema.facts, services.facts, schedules.facts, sources.facts,
        ])
}

enum SourcesKeys {
    static let tfstate = ManifestKey<String?>.optional(
        "tfstate", .text(.filled),
        "a Terraform state for `${tfstate:…}`: a file, relative to the manifest, or `s3://BUCKET/KEY`")
    static let section = ManifestSection(key: "sources", keys: [tfstate.facts])
}

enum ImageKeys {
    static let repository = ManifestKey<String?>.required(
        "repository", .text(Syntax.repository), "with its registry, without tag or digest")
    static let tag = ManifestKey<String?>.optional("tag", .text(Syntax.tag), "`--image-tag` overrides it")
    static let digest = ManifestKey<String?>.optional(
        "digest", .text(Syntax.digest), "instead of a tag; `--image-digest` overrides it")
    static let pin = ManifestKey<Bool>.flag("pin", standard: true, "whether a tag is resolved to its digest")

    static let section = ManifestSection(
        key: "image", isRequired: true, keys: [repository.facts, tag.facts, digest.facts, pin.facts])
}

enum TaskDefinitionKeys {
    static let file = ManifestKey<String?>.optional(
        "file", .text(.filled),
        "a task definition in the shape of RegisterTaskDefinition, JSON or YAML, relative to the manifest")
    static let definition = ManifestKey<JSON?>.optional("definition", .definition, "the same, inline")
    static let base = ManifestKey<TaskDefinitionSpec.Base>.choice(
        "base", standard: .service, "what a derived definition is made from")
    static let container = ManifestKey<String?>.optional(
        "container", .text(.filled), otherwise: "see below",
        "the container that runs the migration; its image is always replaced")
    static let containers = ManifestKey<[String]?>.optional(
        "containers", .strings, otherwise: "see below", "the containers whose image is replaced")
    static let allowUnknown = ManifestKey<[String]>.strings(
        "allowUnknown", otherwise: "none", "keys of the definition that are newer than this release of `reconcile`")

    static let section = ManifestSection(
        key: "taskDefinition",
        keys: [
            file.facts, definition.facts, base.facts, container.facts, containers.facts, allowUnknown.facts,
        ])
}

enum ServiceKeys {
    static let name = ManifestKey<String?>.required(
        "name", .text(.letters(Syntax.name)), bound: "each once",
        "the service, which must exist unless `create` is given")
    static let desiredCount = ManifestKey<Int?>.optional(
        "desiredCount", .count(0...5_000), otherwise: "not sent",
        "set if AWS shows another count that auto scaling does not own")
    static let timeout = ManifestKey<Duration?>.optional(
        "timeout", .duration, otherwise: "`15m`, and the bakes and steps of its strategy",
        "how long to wait for the rollout; then `apply` detaches (exit 5)")
    static let until = ManifestKey<RolloutGoal>.choice(
        "until", standard: .completed,
        "when `apply` is done with it: at the end, or at a [stage](#services) of its deployment")
    static let container = ManifestKey<String?>.optional(
        "container", .text(.filled), otherwise: "`taskDefinition.container`",
        "the container of this service's definition")
    static let deploymentConfiguration = ManifestKey<JSON?>.optional(
        "deploymentConfiguration", .document(member: nil), otherwise: "not sent",
        "as in UpdateService, such as `{ \"maximumPercent\": 150 }`")
    static let networkConfiguration = ManifestKey<JSON?>.optional(
        "networkConfiguration", .document(member: "awsvpcConfiguration"), otherwise: "not sent",
        "as in UpdateService; a change starts a deployment")

    static let create = ManifestKey<JSON?>.optional(
        "create", .document(member: nil), otherwise: "it must exist",
        "[how it is created](#services) where it does not exist, as in CreateService")

    static let section = ManifestSection(
        key: "services", isRequired: true,
        keys: [
            name.facts, desiredCount.facts, timeout.facts, until.facts, container.facts, deploymentConfiguration.facts,
            networkConfiguration.facts, create.facts,
        ])
}
