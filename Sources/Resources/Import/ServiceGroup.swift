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
    public var remarks: [String] { services.compactMap(\.remark) }
    /// As the definitions name it.
    public var imageText: String { services[0].application.image }
    /// What the image's migration is known by, if no version is declared.
    public var identity: String { image.digest ?? imageText }
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

    /// Names for the environments of groups, each another one: `IMAGE-CLUSTER`, and the first service's name where two groups
    /// run the same repository.
    public static func environments(of groups: [ServiceGroup], cluster: String) -> [String] {
        let cluster = cluster.split(separator: "/").last.map(String.init) ?? cluster
        let images = groups.map { $0.image.repository.split(separator: "/").last.map(String.init) ?? "" }
        let names = zip(groups, images).map { group, image in
            let isShared = images.filter { $0 == image }.count > 1
            return label([image, isShared ? group.names[0] : nil, cluster].compactMap(\.self).joined(separator: "-"))
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
