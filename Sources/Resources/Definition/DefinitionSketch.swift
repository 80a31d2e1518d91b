import AWS
import JSON

/// What is remembered of a revision: enough to recognise it and to launch from it, and no value of its environment.
/// A revision never changes, so this may be kept for ever; of its tags, one that was seen stays.
struct DefinitionSketch: Sendable, Equatable {
    struct Container: Sendable, Equatable {
        let name: String
        let image: String
        let isEssential: Bool
        /// ECS would start it again after it has ended.
        let restarts: Bool
        let hasEntryPoint: Bool
        let log: LogDestination?
        /// The digest of everything in the definition but this container's image.
        let imagelessDigest: String
    }

    let arn: String
    let family: String
    let digest: String
    let containers: [Container]
    let tags: [String: String]
    let registeredBy: String?

    init(_ revision: TaskDefinitionRevision) {
        let content = DefinitionContent(revision.document)
        arn = revision.arn
        family = revision.family
        digest = content.digest
        containers = Self.containers(of: content)
        tags = revision.tags
        registeredBy = revision.registeredBy
    }

    static func containers(of content: DefinitionContent) -> [Container] {
        content.containers.map { container in
            let name = container["name"]?.string ?? ""
            return Container(
                name: name, image: container["image"]?.string ?? "",
                isEssential: container["essential"]?.bool ?? true,
                restarts: container["restartPolicy"]?["enabled"]?.bool ?? false,
                hasEntryPoint: container["entryPoint"] != nil,
                log: LogDestination(container["logConfiguration"], container: name),
                imagelessDigest: content.imagelessDigest(of: name))
        }
    }

    func container(_ name: String) -> Container? { containers.first { $0.name == name } }

    /// The number at the end of the ARN.
    var revision: Int { Self.revision(of: arn) }

    static func revision(of arn: String) -> Int { arn.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// The family in an ARN, `…:task-definition/FAMILY:REVISION`.
    static func family(of arn: String) -> String {
        let name = arn.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != ":" })
    }

    /// `FAMILY:REVISION`, for people.
    static func shortName(of arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }
}

/// Where a container's log can be read: CloudWatch Logs, if that is its driver and its streams' names can be told.
struct LogDestination: Sendable, Equatable {
    let group: String
    let region: String?
    /// `PREFIX/CONTAINER`; a task's id completes the stream's name.
    let streamPrefix: String
    let isBlocking: Bool

    init?(_ configuration: JSON?, container: String) {
        guard let configuration, configuration["logDriver"] == "awslogs", let options = configuration["options"],
            let group = options["awslogs-group"]?.string, let prefix = options["awslogs-stream-prefix"]?.string
        else { return nil }
        self.group = group
        region = options["awslogs-region"]?.string
        streamPrefix = "\(prefix)/\(container)"
        isBlocking = options["mode"]?.string == "blocking"
    }

    private init(group: String, region: String?, streamPrefix: String, isBlocking: Bool) {
        self.group = group
        self.region = region
        self.streamPrefix = streamPrefix
        self.isBlocking = isBlocking
    }

    func stream(of task: String) -> String { "\(streamPrefix)/\(task)" }

    fileprivate init?(stored json: JSON?) {
        guard let group = json?["group"]?.string, let prefix = json?["prefix"]?.string else { return nil }
        self.init(
            group: group, region: json?["region"]?.string, streamPrefix: prefix,
            isBlocking: json?["blocking"]?.bool ?? false)
    }

    fileprivate var stored: JSON {
        .object(dropping: [
            "group": .string(group), "region": region.map(JSON.string), "prefix": .string(streamPrefix),
            "blocking": .bool(isBlocking),
        ])
    }
}

extension DefinitionSketch {
    /// The form in the ledger's cache.
    var stored: JSON {
        .object(dropping: [
            "arn": .string(arn), "family": .string(family), "digest": .string(digest),
            "registeredBy": registeredBy.map(JSON.string), "tags": Tags.write(tags),
            "containers": .array(
                containers.map { container in
                    .object(dropping: [
                        "name": .string(container.name), "image": .string(container.image),
                        "essential": .bool(container.isEssential), "restarts": .bool(container.restarts),
                        "entryPoint": .bool(container.hasEntryPoint), "log": container.log?.stored,
                        "imageless": .string(container.imagelessDigest),
                    ])
                }),
        ])
    }

    /// nil for what an older release stored in another form: it is read from AWS again.
    init?(stored json: JSON) {
        guard let arn = json["arn"]?.string, let family = json["family"]?.string, let digest = json["digest"]?.string
        else { return nil }
        self.arn = arn
        self.family = family
        self.digest = digest
        registeredBy = json["registeredBy"]?.string
        tags = Tags.read(json["tags"])
        var containers: [Container] = []
        for container in json["containers"]?.elements ?? [] {
            guard let name = container["name"]?.string, let image = container["image"]?.string,
                let isEssential = container["essential"]?.bool, let restarts = container["restarts"]?.bool,
                let hasEntryPoint = container["entryPoint"]?.bool, let imageless = container["imageless"]?.string
            else { return nil }
            containers.append(
                Container(
                    name: name, image: image, isEssential: isEssential, restarts: restarts,
                    hasEntryPoint: hasEntryPoint, log: LogDestination(stored: container["log"]),
                    imagelessDigest: imageless))
        }
        self.containers = containers
    }
}
