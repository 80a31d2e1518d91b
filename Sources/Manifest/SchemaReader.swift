import Base
import JSON

/// Reads the `schema` section.
struct SchemaReader {
    let overrides: Overrides
    let variables: Variables
    let problems: Problems
    /// Reads a file that the manifest names, relative to the manifest.
    let file: (String) throws(Failure) -> SourceText

    func read(_ schema: ObjectReader) -> SchemaSpec? {
        let database = schema.label(SchemaKeys.database)
        let order = schema.value(SchemaKeys.order)
        let accepts = schema.value(SchemaKeys.accepts)
        let version = version(schema, order: order)
        let migrate = migrate(schema.section(SchemaKeys.migrate))
        let probe = schema.object(SchemaKeys.probe).flatMap { probe in
            let command = probe.value(ProbeKeys.command)
            let pattern = pattern(probe)
            return command.map { ProbeSpec(command: $0, pattern: pattern) }
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
        guard let after = schema.object(SchemaKeys.after) else { return nil }
        let command = after.value(AfterKeys.command)
        let environment = after.value(AfterKeys.environment)
        let timeout = MigrateReader(problems: problems).timeout(after, AfterKeys.timeout, runner)
        let rerunnable = after.value(AfterKeys.rerunnable)
        guard let version = after.value(AfterKeys.version) else { return nil }
        check(
            version, order, after.place(AfterKeys.version), "schema.after.version \(after.written(AfterKeys.version))")
        switch first {
        case .image:
            problems.add(
                at: after.node.offset, "schema.after needs a declared schema.version",
                hint: "name the version that the services are moved with")
        case .declared(let text)
        where order.admits(version) && order.admits(text) && order.standing(of: version, given: [text]) != .newer:
            after.refuse(AfterKeys.version, "does not come after \(written(schema))")
        case .declared, .lastApplied: break
        }
        return AfterSpec(
            version: version, command: command, environment: environment, timeout: timeout, rerunnable: rerunnable)
    }

    private func pattern(_ probe: ObjectReader) -> VersionPattern? {
        guard let text = probe.value(ProbeKeys.pattern) else { return nil }
        if let pattern = VersionPattern(text) { return pattern }
        probe.refuse(
            ProbeKeys.pattern, "is not a regular expression with a group",
            hint: "put the version into a group: \"Current version: ([0-9]+)\"")
        return nil
    }

    private func version(_ schema: ObjectReader, order: VersionOrder) -> SchemaSpec.Version {
        if overrides.comparesAsApplied, !overrides.has(.schema), let node = schema.node(SchemaKeys.version),
            variables.isUnresolved(node)
        {
            return .lastApplied
        }
        let text = overrides.schemaVersion ?? schema.value(SchemaKeys.version)
        if overrides.schemaVersion == nil, schema.node(SchemaKeys.version).map(variables.isPending) == true {
            return .lastApplied
        }
        guard text != SchemaKeys.version.standard else {
            return .image
        }
        let name = overrides.schemaVersion == nil ? "schema.version" : "--schema-version"
        check(text, order, schema.place(SchemaKeys.version), "\(name) \(written(schema))")
        return .declared(text)
    }

    private func written(_ schema: ObjectReader) -> String {
        overrides.schemaVersion.map(quoted) ?? schema.written(SchemaKeys.version)
    }

    /// - Parameter name: what the version is called, and how it is written.
    private func check(_ version: String, _ order: VersionOrder, _ place: Int, _ name: String) {
        if !Syntax.isVersion(version) {
            problems.add(at: place, "\(name) is not a version", hint: Syntax.versionAdvice)
        } else if !order.admits(version) {
            problems.add(
                at: place, "\(name) cannot be compared in the order \"\(order.rawValue)\"",
                hint: order == .dotted ? "write numbers with dots, such as 2.10.1" : "write a whole number")
        }
    }

    private func migrate(_ migrate: ObjectReader) -> MigrateSpec {
        let reader = MigrateReader(problems: problems)
        let runner = reader.runner(migrate)
        let definition = migrate.object(MigrateKeys.definition).flatMap(definition)
        let role = migrate.value(MigrateKeys.taskRoleARN)
        if let role, !role.hasPrefix("arn:") {
            migrate.refuse(
                MigrateKeys.taskRoleARN, "is not an ARN", hint: "write the whole ARN, arn:aws:iam::ACCOUNT:role/NAME")
        }
        return MigrateSpec(
            runner: runner,
            command: migrate.value(MigrateKeys.command),
            environment: migrate.value(MigrateKeys.environment),
            taskRoleARN: role,
            timeout: reader.timeout(migrate, MigrateKeys.timeout, runner) ?? MigrateReader.usualTimeout(runner),
            rerunnable: migrate.value(MigrateKeys.rerunnable),
            log: migrate.value(MigrateKeys.log),
            service: migrate.value(MigrateKeys.service),
            definition: definition,
            launch: launch(migrate))
    }

    private func definition(_ reader: ObjectReader) -> MigrationDefinitionSpec? {
        typealias Keys = MigrationDefinitionKeys
        let name = Keys.section.path
        let definitions = DefinitionReader(variables: variables, problems: problems, read: file)
        let path = reader.local.value(Keys.file)
        let allowed = Set(reader.local.value(Keys.allowUnknown, hint: "write a list of keys"))
        let inline = reader.node(Keys.definition)
        let family = reader.value(Keys.family)
        if let family, !Syntax.name.admit(family) {
            reader.refuse(
                Keys.family, "is not a family's name", hint: "use 1 to 255 letters, digits, hyphens and underscores")
        }
        var sources: [MigrationDefinitionSpec.Source] = []
        if let inline {
            sources.append(.declared(definitions.inline(inline, "\(name).definition", allowed)))
        }
        if let path {
            sources.append(
                .declared(definitions.file(path, "\(name).file", at: reader.place(Keys.file), allowed)))
        }
        if let family { sources.append(.newest(family: family)) }
        if sources.count != 1, reader.isObject {
            problems.add(
                at: reader.node.offset, "\(name) takes one of \"file\", \"definition\" and \"family\"",
                hint: sources.isEmpty ? "add one of them" : "keep one of them")
        }
        let container = reader.value(Keys.container)
        return sources.first.map { MigrationDefinitionSpec(source: $0, container: container) }
    }

    private func launch(_ migrate: ObjectReader) -> LaunchOverrides {
        var launch = LaunchOverrides(
            launchType: migrate.value(MigrateKeys.launchType),
            capacityProviderStrategy: migrate.value(MigrateKeys.capacityProviderStrategy),
            platformVersion: migrate.value(MigrateKeys.platformVersion),
            networkConfiguration: migrate.value(MigrateKeys.networkConfiguration),
            placementConstraints: migrate.value(MigrateKeys.placementConstraints),
            volumeConfigurations: migrate.value(MigrateKeys.volumeConfigurations))
        launch.size = TaskSize(
            cpu: digits(MigrateKeys.cpu, migrate), memory: digits(MigrateKeys.memory, migrate),
            ephemeralStorage: migrate.value(MigrateKeys.ephemeralStorage))
        launch.tags = TaskTags(
            own: tags(migrate), source: migrate.value(MigrateKeys.propagateTags),
            isManaged: migrate.value(MigrateKeys.managedTags))
        if launch.launchType != nil, launch.capacityProviderStrategy != nil {
            problems.add(
                at: migrate.place(MigrateKeys.launchType),
                "schema.migrate has a launchType and a capacityProviderStrategy", hint: "ECS takes one of them")
        }
        return launch
    }

    private func digits(_ key: ManifestKey<String?>, _ migrate: ObjectReader) -> String? {
        guard let text = migrate.value(key) else { return nil }
        if text.isEmpty || !text.utf8.allSatisfy({ (48...57).contains($0) }) {
            migrate.refuse(key, "is not a whole number", hint: "write digits, such as \"1024\"")
        }
        return text
    }

    /// (ECS API Reference, Tag; RunTask takes 50, of which `reconcile` sets two.)
    private func tags(_ migrate: ObjectReader) -> [String: String] {
        let tags = migrate.value(MigrateKeys.tags)
        for key in tags.keys.sorted(by: { $0.precedes($1) }) {
            let isOwn = key.hasPrefix("reconcile:")
            guard isOwn || key.lowercased().hasPrefix("aws:") else { continue }
            migrate.complain(
                MigrateKeys.tags, "must not have the key \(quoted(key))",
                hint: isOwn ? "reconcile sets such tags by itself" : "AWS keeps such keys for itself")
        }
        if tags.count > 48 {
            migrate.complain(MigrateKeys.tags, "has \(tags.count) tags, and ECS takes 48 besides two of reconcile")
        }
        return tags
    }
}
