import Base
import Manifest

/// A service as it runs, as far as a manifest says something of it.
public struct RunningService: Sendable, Equatable {
    public let name: String
    let containers: [TaskDefinitionSummary.Container]
    /// The one that runs the application.
    let application: TaskDefinitionSummary.Container
    /// Its image.
    let image: ImageName
    /// Of its revision.
    let tags: [String: String]
    let revision: String
    /// Whether its revision was deregistered.
    let isDeregistered: Bool
    /// The newest revision of the family, if that is another one; both as `FAMILY:REVISION`.
    let newest: String?

    /// - Parameters:
    ///   - newest: the ARN of the family's newest revision; nil if it is not known.
    ///   - named: containers that run an application; the first that the service has counts.
    /// - Throws: ``Failure`` with code `definition-unfit` if no container is sure to be the application's, or its image has no
    ///   name that a manifest can have.
    init(
        _ name: String, on summary: TaskDefinitionSummary, newest: String? = nil, named: [String]
    ) throws(Failure) {
        self.name = name
        containers = summary.containers
        tags = summary.tags
        revision = RevisionARN.shortName(of: summary.arn)
        isDeregistered = summary.isInactive
        self.newest = newest.flatMap { arn in
            // One that runs and was deregistered may be newer than all active ones.
            RevisionARN.number(of: arn) > summary.revision ? RevisionARN.shortName(of: arn) : nil
        }
        let (containers, revision) = (containers, revision)
        let id = ResourceID(Kind.service, name)
        let wanted = named.lazy.compactMap { name in containers.first { $0.name == name } }.first
        guard let application = wanted ?? Self.application(among: containers) else {
            let images = containers.map { "\($0.name) (\($0.image))" }.joined(separator: ", ")
            throw Failure(
                .definitionUnfit, "\(revision) has several containers that may be the application", of: id,
                hint: "name the one that runs the application: --container \(containers[0].name)",
                cause: ["its containers are: \(images)"])
        }
        guard let image = ImageName(application.image) else {
            throw Failure(
                .definitionUnfit,
                "the image of container \(application.name) of \(revision) is not one that a "
                    + "manifest can name: \(quoted(application.image))", of: id,
                hint: "check the task definition, or name another container: --container NAME")
        }
        if let odd = containers.first(where: { !Syntax.isService($0.name) }) {
            throw Failure(
                .definitionUnfit, "\(revision) has a container that is called \(quoted(odd.name))", of: id,
                hint: "is the endpoint really AWS? Names of containers have letters, digits, hyphens and underscores")
        }
        self.application = application
        self.image = image
    }

    /// Companions such as proxies and agents come from public registries, or are not essential.
    private static func application(
        among containers: [TaskDefinitionSummary.Container]
    ) -> TaskDefinitionSummary.Container? {
        if containers.count == 1 { return containers[0] }
        let own = containers.filter { ECRRepository(ImageRepository.name(of: $0.image)) != nil }
        for some in [own.filter(\.isEssential), own, containers.filter(\.isEssential), containers] {
            let repositories = Set(some.map { ImageRepository.of($0.image) })
            guard !some.isEmpty else { continue }
            return repositories.count == 1 ? some.first(where: \.isEssential) ?? some[0] : nil
        }
        return nil
    }

    /// The containers that run the very same image: those that a release moves.
    var released: [String] { containers.filter { $0.image == application.image }.map(\.name) }

    /// Whether a choice of containers gives the image to exactly those that have it, and the migration to the application.
    func isMet(by choice: ContainerChoice) -> Bool {
        do throws(Failure) {
            let chosen = try choice.choose(among: containers, in: name, for: ResourceID(Kind.service, name))
            return Set(chosen.released) == Set(released) && chosen.own.name == application.name
        } catch {
            return false
        }
    }

    /// What to think about before the first release.
    var notes: [String] {
        var notes: [String] = []
        if isDeregistered {
            notes.append("\(name) runs \(revision), which was deregistered: a release registers it again")
        }
        if let newest {
            notes.append(
                "\(name) runs \(revision), and \(newest) is newer; if Terraform registers revisions, \"base\": \"latest\" in "
                    + "taskDefinition takes the newest")
        }
        return notes
    }

    /// What a plan says of it in any case: why its image cannot stay as it is written.
    var remark: String? {
        if image.digest != nil, image.tag != nil {
            return
                "\(name) runs \(application.image), a tag and a digest: the first apply registers a revision with the digest "
                + "alone"
        }
        if image.digest == nil, image.tag == nil {
            return
                "\(name) runs \(application.image) without a tag: the first apply registers a revision with the tag latest"
        }
        return nil
    }
}
