import Base
import JSON

/// Turns the marked tree of a manifest into a ``Manifest``, collecting everything that is wrong with it.
struct ManifestReader {
    let source: SourceText
    let variables: Variables
    let overrides: Overrides
    let problems: Problems
    /// Reads a file that the manifest names, relative to the manifest.
    let file: (String) throws(Failure) -> SourceText

    var definitions: DefinitionReader { DefinitionReader(variables: variables, problems: problems, read: file) }

    func read(_ node: Node) -> Manifest? {
        guard node.presence != nil else {
            problems.add(at: node.offset, "the manifest is empty", hint: "docs/manifest.md shows one to begin with")
            return nil
        }
        let root = ObjectReader(
            node, name: "", known: RootKeys.section.names, variables: variables, problems: problems)
        // Says whose past it is and where values are looked up, so it must be known before AWS is asked.
        let local = root.local
        let version = local.value(RootKeys.apiVersion, hint: "write \"reconcile/v1\"")
        if let version, version != "reconcile/v1", let place = root.node(RootKeys.apiVersion) {
            problems.add(at: place.offset, "apiVersion \(place.written) is not known", hint: "write \"reconcile/v1\"")
        }
        let environment = local.label(RootKeys.environment)
        let cluster = root.value(RootKeys.cluster)
        if !Syntax.isCluster(cluster) {
            root.refuse(
                RootKeys.cluster, "is neither a cluster's name nor its ARN",
                hint: "use 1 to 255 letters, digits, hyphens and underscores")
        }
        let region = local.value(RootKeys.region)
        if let region, !Syntax.isRegion(region) {
            root.refuse(RootKeys.region, "is not a region's name", hint: "write it as AWS does: us-east-1")
        }
        let account = local.value(RootKeys.account)
        if let account, !Syntax.isAccount(account) {
            root.refuse(RootKeys.account, "is not an account's number", hint: "write its 12 digits, in quotes")
        }
        let ledger = local.ledger(beside: source.path)
        let state = local.state(beside: source.path)
        let image = image(root)
        let definition = definition(root)
        let (services, schedules) = (services(root), ScheduleReader(problems: problems).read(root))
        root.refuseEmpty(RootKeys.schema, hint: "leave the key out where there is no database")
        let schema = root.object(RootKeys.schema).flatMap {
            SchemaReader(overrides: overrides, variables: variables, problems: problems, file: file).read($0)
        }
        if let wanted = schema?.migrate.service, !variables.isIncomplete, !services.isEmpty,
            !services.contains(where: { $0.name == wanted }),
            let place = root.node(RootKeys.schema)?.member(SchemaKeys.migrate.name)?.member(MigrateKeys.service.name)
        {
            problems.add(
                at: place.offset, "schema.migrate.service names \(place.written), which is none of the services",
                hint: place.mayHoldVariables
                    ? nil : NearestKey.hint(wanted, among: services.map(\.name)))
        }
        // An image that nothing is wrong with has yet to be looked up.
        let unread = ImageSpec(repository: root.node(RootKeys.image)?.kind ?? "", version: .lastApplied, pin: true)
        guard problems.isEmpty, let environment, let image = image ?? (variables.isIncomplete ? unread : nil) else {
            return nil
        }
        var manifest = Manifest(
            path: source.path, environment: environment, region: overrides.region ?? region, cluster: cluster,
            ledger: ledger,
            image: image, definition: definition, schema: schema, services: services)
        (manifest.account, manifest.state, manifest.schedules) = (account, state, schedules)
        for part in ReleasePart.allCases where isGiven(part, root) { manifest.given.insert(part) }
        if overrides.comparesAsApplied { manifest.asApplied = Set(ReleasePart.allCases.filter { !overrides.has($0) }) }
        return manifest
    }

    private func isGiven(_ part: ReleasePart, _ root: ObjectReader) -> Bool {
        let keys = part == .image ? [ImageKeys.tag.name, ImageKeys.digest.name] : [SchemaKeys.version.name]
        let section = root.node(part == .image ? RootKeys.image : RootKeys.schema)
        return overrides.has(part) || keys.contains { section?.member($0)?.mayHoldVariables ?? false }
    }

    private func image(_ root: ObjectReader) -> ImageSpec? {
        guard let image = root.object(RootKeys.image) else {
            root.missing(RootKeys.image)
            return nil
        }
        let repository = image.value(ImageKeys.repository)
        if let repository, !Syntax.isRepository(repository), let node = image.node(ImageKeys.repository) {
            let advice = Self.advice(node.mayHoldVariables ? "" : repository)
            image.refuse(ImageKeys.repository, "is not a repository", hint: advice)
        }
        let pin = image.value(ImageKeys.pin)
        // What the command line gives replaces both: a manifest may leave them out for CI to fill in.
        let isOverridden = overrides.imageTag != nil || overrides.imageDigest != nil
        let isLeft = [image.node(ImageKeys.tag), image.node(ImageKeys.digest)].allSatisfy {
            $0.map(variables.isUnresolved) ?? true
        }
        if overrides.comparesAsApplied, !isOverridden, isLeft {
            return repository.map { ImageSpec(repository: $0, version: .lastApplied, pin: pin) }
        }
        let tag = isOverridden ? overrides.imageTag : image.value(ImageKeys.tag)
        let digest = isOverridden ? overrides.imageDigest : image.value(ImageKeys.digest)
        switch (tag, digest) {
        case (let tag?, nil):
            if !Syntax.isTag(tag) {
                let given = isOverridden ? "--image-tag \(quoted(tag))" : nil
                image.refuse(ImageKeys.tag, "is not a tag", given: given, hint: Syntax.tagAdvice)
            }
            return repository.map { ImageSpec(repository: $0, version: .tag(tag), pin: pin) }
        case (nil, let digest?):
            if !Syntax.isDigest(digest) {
                let given = isOverridden ? "--image-digest \(quoted(digest))" : nil
                image.refuse(ImageKeys.digest, "is not a digest", given: given, hint: Syntax.digestAdvice)
            }
            return repository.map { ImageSpec(repository: $0, version: .digest(digest), pin: pin) }
        case (.some, .some):
            problems.add(at: image.node.offset, "image has a tag and a digest", hint: "keep one of them")
        case (nil, nil):
            if image.isObject, image.node(ImageKeys.tag) == nil, image.node(ImageKeys.digest) == nil {
                problems.add(
                    at: image.node.offset, "image needs \"tag\" or \"digest\"", hint: "or pass --image-tag TAG")
            }
        }
        return nil
    }

    private static func advice(_ repository: String) -> String {
        if repository.contains("://") { return "write it without \(repository.prefix { $0 != ":" })://" }
        return repository.split(separator: "/").last.map { $0.contains(":") || $0.contains("@") } == true
            ? "write it without tag or digest: they belong in image.tag or image.digest"
            : "write it as REGISTRY/NAME, with letters, digits, dots, hyphens and underscores between the slashes"
    }

    private func services(_ root: ObjectReader) -> [ServiceSpec] {
        guard let readers = root.objects(RootKeys.services, hint: "write [ { \"name\": \"…\" } ]") else {
            if root.node(RootKeys.services) == nil { root.missing(RootKeys.services) }
            return []
        }
        if readers.isEmpty {
            root.complain(RootKeys.services, "must name at least one service")
        }
        var services: [ServiceSpec] = []
        var names: Set<String> = []
        for reader in readers {
            let count = reader.value(ServiceKeys.desiredCount)
            let timeout = reader.duration(ServiceKeys.timeout)
            let until = reader.value(ServiceKeys.until)
            let container = reader.value(ServiceKeys.container)
            let settings = ServiceSettings(
                deploymentConfiguration: reader.value(ServiceKeys.deploymentConfiguration),
                networkConfiguration: reader.value(ServiceKeys.networkConfiguration))
            let creation = reader.node(ServiceKeys.create).flatMap { node in
                ShapeReader(
                    variables: variables, problems: problems, name: "services[].create",
                    root: TaskDefinitionShapes.service
                ).read(node)
            }
            guard let name = reader.value(ServiceKeys.name) else { continue }
            if !Syntax.name.admit(name) {
                problems.add(
                    at: reader.place(ServiceKeys.name), "\(reader.written(ServiceKeys.name)) is not a service's name",
                    hint: "use 1 to 255 letters, digits, hyphens and underscores; not its ARN")
            } else if !names.insert(name).inserted {
                problems.add(
                    at: reader.place(ServiceKeys.name),
                    "the service \(reader.written(ServiceKeys.name)) is listed twice")
            }
            services.append(
                ServiceSpec(
                    name: name, desiredCount: count, timeout: timeout, until: until, container: container,
                    settings: settings, creation: creation))
        }
        return services
    }
}
