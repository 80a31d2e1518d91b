import Manifest

/// Services that one manifest can describe: they run the same image.
public struct ServiceGroup: Sendable, Equatable {
    /// At least one, by their names.
    let services: [RunningService]

    /// The groups of services, in the order of their first service's name.
    ///
    /// A name of a container means the same in all services of a manifest. Where it does not, each service gets a manifest of
    /// its own.
    public static func all(of services: [RunningService]) -> [ServiceGroup] {
        let sorted = services.sorted { $0.name.precedes($1.name) }
        let images = sorted.map(\.application.image).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return images.flatMap { image -> [ServiceGroup] in
            let group = ServiceGroup(services: sorted.filter { $0.application.image == image })
            return group.canBeOne ? [group] : group.services.map { ServiceGroup(services: [$0]) }
        }
    }

    var image: ImageName { services[0].image }
    public var names: [String] { services.map(\.name) }
    /// Why the next plan is not empty, as far as the images' names say it.
    public var remarks: [String] { services.compactMap(\.remark) }
    /// What to think about before the first release.
    public var notes: [String] { services.flatMap(\.notes) }
    /// As the definitions name it.
    public var imageText: String { services[0].application.image }
    /// nil if they run by tag.
    public var digest: String? { image.digest }
    /// The environment for which `reconcile` has registered what all of them run; nil if it has not.
    private var knownEnvironment: String? {
        let names = Set(services.map { $0.tags[Mark.environment] })
        return names.count == 1 ? (names.first ?? nil).flatMap { Syntax.isLabel($0) ? $0 : nil } : nil
    }

    /// Databases that their revisions are marked for, and the versions that were reached, in the order of their names.
    public func marks(cluster: String) -> [(database: String, version: String)] {
        let prefix = Mark.key(Mark.unqualifiedSchema, "", cluster)
        var marks: [String: String] = [:]
        for (key, version) in services.flatMap({ $0.tags }) where key.hasPrefix(prefix) && Syntax.isVersion(version) {
            let database = String(key.dropFirst(prefix.count))
            if Syntax.isLabel(database) { marks[database] = version }
        }
        return marks.sorted { $0.key.precedes($1.key) }.map { ($0.key, $0.value) }
    }

    /// Whether it keeps a tag that a release would resolve to its digest.
    public var keepsTag: Bool { image.digest == nil && ECRRepository(image.repository) != nil }

    private func choice(named: String?, _ listed: [String]?) -> ContainerChoice {
        ContainerChoice(named: named, listed: listed, repository: image.repository)
    }

    /// The containers that have to be listed; nil where those of the repository are the right ones.
    private var listed: [String]? {
        let isUsual = services.allSatisfy { $0.isMet(by: choice(named: $0.application.name, nil)) }
        return isUsual ? nil : services.flatMap(\.released).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private var canBeOne: Bool {
        let listed = listed
        return services.allSatisfy { $0.isMet(by: choice(named: $0.application.name, listed)) }
    }

    /// A manifest of these services whose next plan is empty.
    public func draft(environment: String, region: String?, cluster: String) -> ManifestDraft {
        let listed = listed
        let unclear = services.filter { !$0.isMet(by: choice(named: nil, listed)) }.map(\.name)
        var draft = ManifestDraft(
            environment: environment, cluster: cluster, repository: image.repository,
            services: services.map { service in
                .init(service.name, container: unclear.contains(service.name) ? service.application.name : nil)
            })
        draft.region = region
        draft.version = image.version
        draft.pin = !keepsTag
        draft.containers = listed
        // What all services say is said once.
        let named = Set(draft.services.map(\.container))
        if draft.services.count > 1, named.count == 1, let container = named.first ?? nil {
            draft.container = container
            for index in draft.services.indices { draft.services[index].container = nil }
        }
        return draft
    }

    /// Names for the environments of groups, each another one: the name that `reconcile` knows what runs by, else `IMAGE-PLACE`,
    /// with the first service's name where two groups run the same repository.
    ///
    /// - Parameter place: what the environments have in common, such as the cluster.
    public static func environments(of groups: [ServiceGroup], place: String) -> [String] {
        let place = place.split(separator: "/").last.map(String.init) ?? place
        let images = groups.map { $0.image.repository.split(separator: "/").last.map(String.init) ?? "" }
        let names = zip(groups, images).map { group, image in
            if let known = group.knownEnvironment { return known }
            let isShared = images.filter { $0 == image }.count > 1
            return label([image, isShared ? group.names[0] : nil, place].compactMap(\.self).joined(separator: "-"))
        }
        return names.enumerated().map { index, name in
            let earlier = names[..<index].filter { $0 == name }.count
            return earlier == 0 ? name : "\(name.prefix(60))-\(earlier + 1)"
        }
    }

    /// Of the characters that an environment's name may have, as many as it may have.
    private static func label(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }.prefix(64))
    }
}
