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

    func read(_ node: Node) -> Manifest? {
        guard node.presence != nil else {
            problems.add(at: node.offset, "the manifest is empty", hint: "docs/manifest.md shows one to begin with")
            return nil
        }
        let root = ObjectReader(
            node, name: "", known: ManifestKeys.root, variables: variables, problems: problems)
        let version = root.required("apiVersion", hint: "write \"reconcile/v1\"")
        if let version, version != "reconcile/v1", let place = root.node("apiVersion") {
            problems.add(at: place.offset, "apiVersion \(place.written) is not known", hint: "write \"reconcile/v1\"")
        }
        let environment = root.label("environment")
        let cluster = root.string("cluster") ?? "default"
        if !Syntax.isCluster(cluster) {
            problems.add(
                at: root.place("cluster"), "cluster \(root.written("cluster")) is neither a cluster's name nor its ARN",
                hint: "use 1 to 255 letters, digits, hyphens and underscores")
        }
        let region = root.string("region")
        if let region, !Syntax.isRegion(region) {
            problems.add(
                at: root.place("region"), "region \(root.written("region")) is not a region's name",
                hint: "write it as AWS does: us-east-1")
        }
        _ = root.object("sources", known: ManifestKeys.sources)?.string("tfstate")
        let image = image(root)
        let definition = definition(root)
        let services = services(root)
        root.refuseEmpty("schema", hint: "leave the key out where there is no database")
        let schema = root.object("schema", known: ManifestKeys.schema).flatMap {
            SchemaReader(overrides: overrides, variables: variables, problems: problems).read($0)
        }
        if let wanted = schema?.migrate.service, !services.isEmpty, !services.contains(where: { $0.name == wanted }),
            let place = root.node("schema")?.member("migrate")?.member("service")
        {
            problems.add(
                at: place.offset, "schema.migrate.service names \(place.written), which is none of the services",
                hint: place.mayHoldVariables
                    ? nil : NearestKey.of(wanted, among: services.map(\.name)).map { "did you mean \"\($0)\"?" })
        }
        guard problems.isEmpty, let environment, let image else { return nil }
        var manifest = Manifest(
            path: source.path, environment: environment, region: overrides.region ?? region, cluster: cluster,
            image: image, definition: definition, schema: schema, services: services)
        for part in ReleasePart.allCases where isGiven(part, root) { manifest.given.insert(part) }
        if overrides.comparesAsApplied { manifest.asApplied = Set(ReleasePart.allCases.filter { !overrides.has($0) }) }
        return manifest
    }

    private func isGiven(_ part: ReleasePart, _ root: ObjectReader) -> Bool {
        let keys = part == .image ? ["tag", "digest"] : ["version"]
        let section = root.node(part == .image ? "image" : "schema")
        return overrides.has(part) || keys.contains { section?.member($0)?.mayHoldVariables ?? false }
    }

    private func image(_ root: ObjectReader) -> ImageSpec? {
        guard let image = root.object("image", known: ManifestKeys.image) else {
            root.missing("image")
            return nil
        }
        let repository = image.required("repository")
        if let repository, !Syntax.isRepository(repository), let node = image.node("repository") {
            problems.add(
                at: node.offset, "image.repository \(node.written) is not a repository",
                hint: Self.advice(node.mayHoldVariables ? "" : repository))
        }
        let pin = image.bool("pin") ?? true
        // What the command line gives replaces both: a manifest may leave them out for CI to fill in.
        let isOverridden = overrides.imageTag != nil || overrides.imageDigest != nil
        let isLeft = [image.node("tag"), image.node("digest")].allSatisfy { $0.map(variables.isUnresolved) ?? true }
        if overrides.comparesAsApplied, !isOverridden, isLeft {
            return repository.map { ImageSpec(repository: $0, version: .lastApplied, pin: pin) }
        }
        let tag = isOverridden ? overrides.imageTag : image.string("tag")
        let digest = isOverridden ? overrides.imageDigest : image.string("digest")
        switch (tag, digest) {
        case (let tag?, nil):
            if !Syntax.isTag(tag) {
                problems.add(
                    at: image.place("tag"),
                    "\(isOverridden ? "--image-tag \(quoted(tag))" : "image.tag \(image.written("tag"))") is not a tag",
                    hint: Syntax.tagAdvice)
            }
            return repository.map { ImageSpec(repository: $0, version: .tag(tag), pin: pin) }
        case (nil, let digest?):
            if !Syntax.isDigest(digest) {
                problems.add(
                    at: image.place("digest"),
                    "\(isOverridden ? "--image-digest \(quoted(digest))" : "image.digest \(image.written("digest"))") "
                        + "is not a digest",
                    hint: Syntax.digestAdvice)
            }
            return repository.map { ImageSpec(repository: $0, version: .digest(digest), pin: pin) }
        case (.some, .some):
            problems.add(at: image.node.offset, "image has a tag and a digest", hint: "keep one of them")
        case (nil, nil):
            if image.isObject, image.node("tag") == nil, image.node("digest") == nil {
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
        guard let elements = root.elements("services", hint: "write [ { \"name\": \"…\" } ]") else {
            if root.node("services") == nil { root.missing("services") }
            return []
        }
        if elements.isEmpty { problems.add(at: root.place("services"), "services must name at least one service") }
        var services: [ServiceSpec] = []
        var names: Set<String> = []
        for (index, element) in elements.enumerated() {
            let reader = ObjectReader(
                element, name: "services[\(index)]", known: ManifestKeys.service, variables: variables,
                problems: problems)
            let count = reader.integer("desiredCount", in: 0...5_000)
            let timeout = reader.duration("timeout", atMost: .seconds(24 * 3_600)) ?? .seconds(15 * 60)
            let container = reader.filled("container")
            let settings = ServiceSettings(
                deploymentConfiguration: reader.document("deploymentConfiguration") {
                    $0.object == nil ? "must be an object" : nil
                },
                networkConfiguration: reader.network("networkConfiguration"))
            guard let name = reader.required("name") else { continue }
            if !Syntax.isName(name) {
                problems.add(
                    at: reader.place("name"), "\(reader.written("name")) is not a service's name",
                    hint: "use 1 to 255 letters, digits, hyphens and underscores; not its ARN")
            } else if !names.insert(name).inserted {
                problems.add(at: reader.place("name"), "the service \(reader.written("name")) is listed twice")
            }
            services.append(
                ServiceSpec(
                    name: name, desiredCount: count, timeout: timeout, container: container, settings: settings))
        }
        return services
    }
}
