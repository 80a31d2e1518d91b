import JSON

/// A manifest that is made and not read: what `import` and `init` say of an environment.
///
/// Keys that say what their default says are left out.
public struct ManifestDraft: Sendable, Equatable {
    public struct Service: Sendable, Equatable {
        public var name: String
        /// nil for the one that follows from the definition.
        public var container: String?

        public init(_ name: String, container: String? = nil) {
            self.name = name
            self.container = container
        }
    }

    public struct Schema: Sendable, Equatable {
        public var database: String
        /// nil to migrate once for each new image.
        public var version: String?
        /// nil for the usual command.
        public var command: [String]?

        public init(database: String, version: String? = nil, command: [String]? = nil) {
            self.database = database
            self.version = version
            self.command = command
        }

        fileprivate var json: JSON {
            var json: JSON = [:]
            json.write(SchemaKeys.database, database)
            json.write(SchemaKeys.version, version ?? SchemaKeys.version.standard)
            var migrate: JSON = [:]
            migrate.write(MigrateKeys.command, command ?? MigrateKeys.command.standard)
            json.write(SchemaKeys.migrate, migrate)
            return json
        }
    }

    public var environment: String
    public var region: String?
    public var cluster: String
    public var repository: String
    /// nil where CI gives it with each apply.
    public var version: ImageSpec.Version?
    public var pin = true
    /// The container of every service in which the migration runs.
    public var container: String?
    /// The containers whose image is replaced.
    public var containers: [String]?
    public var schema: Schema?
    public var services: [Service]

    /// - Parameter repository: with its registry, without tag or digest.
    public init(environment: String, cluster: String, repository: String, services: [Service]) {
        self.environment = environment
        self.cluster = cluster
        self.repository = repository
        self.services = services
    }

    /// As a file.
    public var text: String { json.pretty(isOpen: true) + "\n" }

    var json: JSON {
        var json: JSON = [:]
        json.write(RootKeys.apiVersion, "reconcile/v1")
        json.write(RootKeys.environment, environment)
        json.write(RootKeys.region, region)
        json.write(RootKeys.cluster, cluster)
        var image: JSON = [:]
        image.write(ImageKeys.repository, repository)
        if case .tag(let tag) = version { image.write(ImageKeys.tag, tag) }
        if case .digest(let digest) = version { image.write(ImageKeys.digest, digest) }
        image.write(ImageKeys.pin, pin)
        json.write(RootKeys.image, image)
        var definition: JSON = [:]
        definition.write(TaskDefinitionKeys.container, container)
        definition.write(TaskDefinitionKeys.containers, containers)
        json.write(RootKeys.taskDefinition, definition)
        if let schema { json.write(RootKeys.schema, schema.json) }
        json[RootKeys.services.name] = .array(
            services.map { service in
                var json: JSON = [:]
                json.write(ServiceKeys.name, service.name)
                json.write(ServiceKeys.container, service.container)
                return json
            })
        return json
    }
}

extension JSON {
    /// Writes a key, unless its value is what counts without it.
    fileprivate mutating func write<Value: JSONValue & Equatable>(_ key: ManifestKey<Value>, _ value: Value) {
        if value != key.standard { self[key.name] = value.json }
    }

    fileprivate mutating func write<Value: JSONValue>(_ key: ManifestKey<Value?>, _ value: Value?) {
        if let value { self[key.name] = value.json }
    }

    /// An object without members says nothing.
    fileprivate mutating func write(_ key: ManifestKey<ManifestSection>, _ value: JSON) {
        if value.object?.isEmpty == false { self[key.name] = value }
    }
}
