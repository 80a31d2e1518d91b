import Base

/// Which containers of a definition get the released image, and in which of them the migration runs.
struct ContainerChoice {
    /// As the manifest names them; nil where it does not.
    let named: String?
    let listed: [String]?
    let repository: String
    /// The section of the manifest that names them.
    var section = "taskDefinition"

    struct Chosen {
        let own: TaskDefinitionSummary.Container
        /// Names, in the order of the definition; the own one is among them.
        let released: [String]
        /// What a plan says of containers that are left with the image that the own one had; nil where there are none.
        let note: String?
    }

    /// - Parameter place: what the containers are of, in messages.
    /// - Throws: ``Failure`` with code `definition-unfit` if the manifest names a container that is not there, or names
    ///   none and more than one could be meant.
    func choose(
        among containers: [TaskDefinitionSummary.Container], in place: String, for resource: ResourceID
    ) throws(Failure) -> Chosen {
        let names = containers.map(\.name).joined(separator: ", ")
        if let named, !containers.contains(where: { $0.name == named }) {
            throw Failure(
                .definitionUnfit, "\(place) has no container \(named)", of: resource,
                hint:
                    "its containers are: \(names); name one in \(section).container\(isOfServices ? " or services[].container" : "")"
            )
        }
        let candidates = containers.filter { container in
            listed.map { $0.contains(container.name) }
                ?? (ImageRepository.of(container.image) == ImageRepository.of(repository))
        }
        let own = try own(containers, candidates, names, in: place, for: resource)
        let released = containers.map(\.name).filter { name in
            name == own.name || candidates.contains { $0.name == name }
        }
        return Chosen(own: own, released: released, note: note(containers, own, released))
    }

    private var isOfServices: Bool { section == "taskDefinition" }

    /// Where an image moves to another repository, others may have come from the old one with it.
    private func note(
        _ containers: [TaskDefinitionSummary.Container], _ own: TaskDefinitionSummary.Container, _ released: [String]
    ) -> String? {
        guard listed == nil, !own.image.isEmpty else { return nil }
        let left = containers.filter {
            !released.contains($0.name) && ImageRepository.of($0.image) == ImageRepository.of(own.image)
        }
        if left.isEmpty { return nil }
        return "\(left.map(\.name).joined(separator: ", ")) stays on the repository that \(own.name) leaves, "
            + "\(left[0].image): name it in \(section).containers if it runs the released image"
    }

    private func own(
        _ containers: [TaskDefinitionSummary.Container], _ candidates: [TaskDefinitionSummary.Container],
        _ names: String,
        in place: String, for resource: ResourceID
    ) throws(Failure) -> TaskDefinitionSummary.Container {
        if let named, let own = containers.first(where: { $0.name == named }) { return own }
        if containers.count == 1 { return containers[0] }
        if candidates.count == 1 { return candidates[0] }
        // The end of a container that is not essential is not the end of its task.
        let essential = candidates.filter(\.isEssential)
        if essential.count == 1 { return essential[0] }
        throw Failure(
            .definitionUnfit,
            "\(place) has \(containers.count) containers, \(candidates.count) of them "
                + (listed == nil ? "with an image of \(repository)" : "named in \(section).containers")
                + ", and the manifest does not say in which one the migration runs",
            of: resource, hint: "its containers are: \(names); name one in \(section).container")
    }
}
