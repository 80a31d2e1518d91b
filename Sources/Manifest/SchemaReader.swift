import Base
import JSON

/// Reads the `schema` section.
struct SchemaReader {
    let overrides: Overrides
    let variables: Variables
    let problems: Problems

    func read(_ schema: ObjectReader) -> SchemaSpec? {
        let database = schema.label("database")
        let order = schema.choice("order", VersionOrder.self) ?? .opaque
        let accepts = schema.choice("accepts", SchemaSpec.Accepts.self) ?? .exact
        let version = version(schema, order: order)
        let migrate = migrate(schema.object("migrate", known: ManifestKeys.migrate))
        let probe = schema.object("probe", known: ManifestKeys.probe).flatMap { probe in
            if probe.node("command") == nil { probe.missing("command") }
            let pattern = pattern(probe)
            return probe.strings("command").map { ProbeSpec(command: $0, pattern: pattern) }
        }
        let after = after(schema, first: version, order: order, migrate.runner)
        guard let database else { return nil }
        return SchemaSpec(
            database: database, version: version, order: order, accepts: accepts, migrate: migrate, probe: probe,
            after: after, successor: after?.version)
    }

    private func after(
        _ schema: ObjectReader, first: SchemaSpec.Version, order: VersionOrder, _ runner: MigrateSpec.Runner
    ) -> AfterSpec? {
        guard let after = schema.object("after", known: ManifestKeys.after) else { return nil }
        let command = after.strings("command")
        let environment = after.dictionary("environment") ?? [:]
        let timeout = MigrateReader(problems: problems).timeout(after, runner)
        let rerunnable = after.bool("rerunnable")
        guard let version = after.required("version") else { return nil }
        check(version, order, after, "schema.after.version \(after.written("version"))")
        switch first {
        case .image:
            problems.add(
                at: after.node.offset, "schema.after needs a declared schema.version",
                hint: "name the version that the services are moved with")
        case .declared(let text)
        where order.admits(version) && order.admits(text) && order.standing(of: version, given: [text]) != .newer:
            problems.add(
                at: after.place("version"),
                "schema.after.version \(after.written("version")) does not come after \(written(schema))")
        case .declared, .lastApplied: break
        }
        return AfterSpec(
            version: version, command: command, environment: environment, timeout: timeout, rerunnable: rerunnable)
    }

    private func pattern(_ probe: ObjectReader) -> VersionPattern? {
        guard let text = probe.filled("pattern") else { return nil }
        if let pattern = VersionPattern(text) { return pattern }
        problems.add(
            at: probe.place("pattern"),
            "schema.probe.pattern \(probe.written("pattern")) is not a regular expression with a group",
            hint: "put the version into a group: \"Current version: ([0-9]+)\"")
        return nil
    }

    private func version(_ schema: ObjectReader, order: VersionOrder) -> SchemaSpec.Version {
        if overrides.comparesAsApplied, !overrides.has(.schema), let node = schema.node("version"),
            variables.isUnresolved(node)
        {
            return .lastApplied
        }
        guard let text = overrides.schemaVersion ?? schema.string("version"), text != "image" else {
            return .image
        }
        let name = overrides.schemaVersion == nil ? "schema.version" : "--schema-version"
        check(text, order, schema, "\(name) \(written(schema))")
        return .declared(text)
    }

    private func written(_ schema: ObjectReader) -> String {
        overrides.schemaVersion.map(quoted) ?? schema.written("version")
    }

    /// - Parameter name: what the version is called, and how it is written.
    private func check(_ version: String, _ order: VersionOrder, _ reader: ObjectReader, _ name: String) {
        let place = reader.place("version")
        if !Syntax.isVersion(version) {
            problems.add(
                at: place, "\(name) is not a version",
                hint: Syntax.versionAdvice)
        } else if !order.admits(version) {
            problems.add(
                at: place, "\(name) cannot be compared in the order \"\(order.rawValue)\"",
                hint: order == .dotted ? "write numbers with dots, such as 2.10.1" : "write a whole number")
        }
    }

    private func migrate(_ migrate: ObjectReader?) -> MigrateSpec {
        let reader = MigrateReader(problems: problems)
        let runner = reader.runner(migrate)
        let role = migrate?.string("taskRoleArn")
        if let role, !role.hasPrefix("arn:"), let migrate {
            problems.add(
                at: migrate.place("taskRoleArn"),
                "schema.migrate.taskRoleArn \(migrate.written("taskRoleArn")) is not an ARN",
                hint: "write the whole ARN, arn:aws:iam::ACCOUNT:role/NAME")
        }
        return MigrateSpec(
            runner: runner,
            command: migrate?.strings("command") ?? ["db-migrate"],
            environment: migrate?.dictionary("environment") ?? [:],
            taskRoleARN: role,
            timeout: reader.timeout(migrate, runner) ?? MigrateReader.usualTimeout(runner),
            rerunnable: migrate?.bool("rerunnable") ?? false,
            log: migrate?.choice("log", MigrateSpec.Log.self) ?? .required,
            service: migrate?.string("service"),
            launch: launch(migrate))
    }

    private func launch(_ migrate: ObjectReader?) -> LaunchOverrides {
        let launch = LaunchOverrides(
            launchType: migrate?.filled("launchType"),
            capacityProviderStrategy: migrate?.document("capacityProviderStrategy") {
                $0.array == nil ? "must be a list" : nil
            },
            platformVersion: migrate?.filled("platformVersion"),
            networkConfiguration: migrate?.network("networkConfiguration"),
            placementConstraints: migrate?.document("placementConstraints") {
                $0.array == nil ? "must be a list" : nil
            })
        if launch.launchType != nil, launch.capacityProviderStrategy != nil, let migrate {
            problems.add(
                at: migrate.place("launchType"),
                "schema.migrate has a launchType and a capacityProviderStrategy", hint: "ECS takes one of them")
        }
        return launch
    }
}
