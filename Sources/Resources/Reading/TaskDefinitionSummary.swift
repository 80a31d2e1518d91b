import AWS
import JSON

/// What is remembered of a revision: enough to recognise it and to launch from it, and no value of its environment.
/// A revision never changes, so this may be kept for ever; of its tags, one that was seen stays.
struct TaskDefinitionSummary: Sendable, Equatable {
    struct Container: Sendable, Equatable {
        let name: String
        let image: String
        let isEssential: Bool
        /// ECS would start it again after it has ended.
        let restarts: Bool
        let entryPoint: EntryPoint
        /// nil where the container has no log configuration.
        let logDriver: String?
        let log: LogDestination?
        /// The digest of everything in the definition but this container's image.
        let imagelessDigest: String
    }

    /// What a container's own entry point does with the command that RunTask gives.
    enum EntryPoint: String, Sendable {
        /// The definition has none; the image may.
        case none
        /// The command becomes its arguments.
        case program
        /// A shell that runs the command's first word as a script, such as `["sh", "-c"]`.
        case shell
        /// A shell with a script of its own that does not use its arguments, such as `["sh", "-c", "npm start"]`.
        case script
    }

    let arn: String
    let family: String
    let digest: String
    let containers: [Container]
    /// The digest of everything but all images.
    let bareDigest: String
    /// Volumes that are configured at launch.
    let launchVolumes: [String]
    /// Whether ECS has said that it was deregistered. That never changes back; that it was not may have changed.
    let isInactive: Bool
    var tags: [String: String]
    let registeredBy: String?
    /// In seconds since 1970; nil if it is not known.
    let registeredAt: Int64?

    init(_ revision: TaskDefinitionRevision) {
        let content = TaskDefinitionContent(revision.document)
        arn = revision.arn
        family = revision.family
        digest = content.digest
        containers = Self.containers(of: content)
        bareDigest = content.bareDigest
        launchVolumes = content.launchVolumes
        isInactive = revision.status != "ACTIVE"
        tags = revision.tags
        registeredBy = revision.registeredBy
        registeredAt = revision.registeredAt
    }

    static func containers(of content: TaskDefinitionContent) -> [Container] {
        content.containers.map { container in
            let name = container["name"]?.string ?? ""
            return Container(
                name: name, image: container["image"]?.string ?? "",
                isEssential: container["essential"]?.bool ?? true,
                restarts: container["restartPolicy"]?["enabled"]?.bool ?? false,
                entryPoint: EntryPoint(container["entryPoint"]),
                logDriver: container["logConfiguration"]?["logDriver"]?.string,
                log: LogDestination(container["logConfiguration"], container: name),
                imagelessDigest: content.imagelessDigest(of: [name]))
        }
    }

    func container(_ name: String) -> Container? { containers.first { $0.name == name } }

    /// The digest of everything but the image of some containers; nil where it lacks one of them.
    func imagelessDigest(of names: [String]) -> String? {
        guard names.allSatisfy({ container($0) != nil }) else { return nil }
        if names.count == 1 { return container(names[0])?.imagelessDigest }
        return TaskDefinitionContent.imageless(
            bareDigest, images: containers.map { ($0.name, $0.image) }, except: names)
    }

    /// The number at the end of the ARN.
    var revision: Int { RevisionARN.number(of: arn) }
}

/// Where a container's log can be read: CloudWatch Logs, if that is its driver and its streams' names are known.
struct LogDestination: Sendable, Equatable {
    let group: String
    let region: String?
    /// `PREFIX/CONTAINER`; a task's id completes the stream's name.
    let streamPrefix: String
    let isBlocking: Bool
}

extension LogDestination {
    init?(_ configuration: JSON?, container: String) {
        guard let configuration, configuration["logDriver"] == "awslogs", let options = configuration["options"],
            let group = options["awslogs-group"]?.string, let prefix = options["awslogs-stream-prefix"]?.string
        else { return nil }
        self.group = group
        region = options["awslogs-region"]?.string
        streamPrefix = "\(prefix)/\(container)"
        isBlocking = options["mode"]?.string == "blocking"
    }

    func stream(of task: String) -> String { "\(streamPrefix)/\(task)" }

    fileprivate init?(stored json: JSON?) {
        guard let group = json?["group"]?.string, let prefix = json?["prefix"]?.string else { return nil }
        self.init(
            group: group, region: json?["region"]?.string, streamPrefix: prefix,
            isBlocking: json?["blocking"]?.bool ?? false)
    }

    fileprivate var stored: JSON {
        .members(["group": group, "region": region, "prefix": streamPrefix, "blocking": isBlocking])
    }
}

extension TaskDefinitionSummary {
    /// The form in the cache. People write anything into tags; those of `reconcile` itself stay as they are.
    ///
    /// - Parameter secrets: the values that must not be kept.
    func stored(hiding secrets: Secrets) -> JSON {
        let tags = self.tags.reduce(into: [:]) { tags, tag in
            tags[tag.key] = tag.key.hasPrefix(Mark.prefix) ? tag.value : secrets.hide(in: tag.value)
        }
        return .members([
            "arn": arn, "family": family, "digest": digest, "bare": bareDigest, "inactive": isInactive,
            "launchVolumes": launchVolumes, "registeredBy": registeredBy.map { secrets.hide(in: $0) },
            "tags": Tags.write(tags), "registeredAt": registeredAt,
            "containers": containers.map { container in
                JSON.members([
                    "name": container.name, "image": container.image, "essential": container.isEssential,
                    "restarts": container.restarts, "entryPoint": container.entryPoint.rawValue,
                    "logDriver": container.logDriver, "log": container.log?.stored,
                    "imageless": container.imagelessDigest,
                ])
            },
        ])
    }

    /// nil for what an older release stored in another form: it is read from AWS again.
    init?(stored json: JSON) {
        guard let arn = json["arn"]?.string, let family = json["family"]?.string, let digest = json["digest"]?.string,
            let bare = json["bare"]?.string, let isInactive = json["inactive"]?.bool,
            let launchVolumes = json["launchVolumes"]?.array, !(json["containers"]?.elements ?? []).isEmpty
        else { return nil }
        self.arn = arn
        self.family = family
        self.digest = digest
        bareDigest = bare
        self.isInactive = isInactive
        self.launchVolumes = launchVolumes.compactMap(\.string)
        registeredBy = json["registeredBy"]?.string
        registeredAt = json["registeredAt"]?.integer.map(Int64.init)
        tags = Tags.read(json["tags"])
        var containers: [Container] = []
        for container in json["containers"]?.elements ?? [] {
            guard let name = container["name"]?.string, let image = container["image"]?.string,
                let isEssential = container["essential"]?.bool, let restarts = container["restarts"]?.bool,
                let entryPoint = container["entryPoint"]?.string.flatMap(EntryPoint.init(rawValue:)),
                let imageless = container["imageless"]?.string
            else { return nil }
            containers.append(
                Container(
                    name: name, image: image, isEssential: isEssential, restarts: restarts,
                    entryPoint: entryPoint, logDriver: container["logDriver"]?.string,
                    log: LogDestination(stored: container["log"]),
                    imagelessDigest: imageless))
        }
        self.containers = containers
    }
}
