/// Reads which runner a migration has, and what depends on that.
struct MigrateReader {
    let problems: Problems

    /// The runner. A key that says nothing to it is a problem: it would have no effect.
    func runner(_ migrate: ObjectReader) -> MigrateSpec.Runner {
        let chosen = migrate.choice(MigrateKeys.runner)
        // One that is not known was reported, and nothing follows from it.
        if chosen == nil, migrate.node(MigrateKeys.runner) != nil { return .ecsTask }
        let name = chosen ?? .ecsTask
        if name != .ecsTask {
            for key in MigrateKeys.task {
                guard let node = migrate.node(key.name) else { continue }
                problems.add(
                    at: node.offset, "schema.migrate.\(key.name) has no effect with the runner \"\(name.rawValue)\"",
                    hint: "it is about ECS tasks: leave it out")
            }
        }
        if name != .lambda, migrate.node(MigrateKeys.function) != nil {
            migrate.complain(
                MigrateKeys.function, "has no effect with the runner \"\(name.rawValue)\"",
                hint: "it names a Lambda function: set \"runner\" to \"lambda\"")
        }
        switch name {
        case .ecsTask: return .ecsTask
        case .process: return .process
        case .lambda: return .lambda(function: function(migrate))
        }
    }

    private func function(_ migrate: ObjectReader) -> String {
        if migrate.node(MigrateKeys.function) == nil { migrate.missing(MigrateKeys.function) }
        guard let function = migrate.value(MigrateKeys.function, hint: "write its name or ARN") else { return "" }
        if !Syntax.isFunction(function) {
            migrate.refuse(
                MigrateKeys.function, "is neither a function's name nor its ARN",
                hint: "use NAME or arn:aws:lambda:REGION:ACCOUNT:function:NAME, perhaps with :QUALIFIER")
        }
        return function
    }

    /// How long a migration may take. A Lambda function ends after 15 minutes. (AWS Lambda Developer Guide, "Lambda quotas".)
    func timeout<Value>(
        _ reader: ObjectReader, _ key: ManifestKey<Value>, _ runner: MigrateSpec.Runner
    ) -> Duration? {
        guard let timeout = reader.duration(key) else { return nil }
        if case .lambda = runner, timeout > Self.longestFunction {
            reader.complain(
                key, "must be at most 15m with the runner \"lambda\"", hint: "a Lambda function ends after 15 minutes")
        }
        return timeout
    }

    private static let longestFunction = Duration.seconds(15 * 60)

    /// Where the manifest says nothing of it.
    static func usualTimeout(_ runner: MigrateSpec.Runner) -> Duration {
        if case .lambda = runner { longestFunction } else { MigrateKeys.timeout.standard }
    }
}
