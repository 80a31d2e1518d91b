import Base
import Resources

/// Services that two manifests of one invocation name: each would undo what the other has done.
extension Fleet {
    /// The same members; of those that name a service of another one, too, none is carried out.
    var withoutConflicts: Fleet {
        var owners: [Service: [Int]] = [:]
        for (index, member) in members.enumerated() {
            for service in Self.services(of: member) { owners[service, default: []].append(index) }
        }
        let checked = members.enumerated().map { index, member in
            for service in Self.services(of: member) {
                guard let other = owners[service]?.first(where: { $0 != index }) else { continue }
                return Member(member, refused: Self.failure(service.name, members[other].path))
            }
            return member
        }
        return Fleet(members: checked, access: access)
    }

    private struct Service: Hashable {
        let place: Place
        let name: String
    }

    private static func services(of member: Member) -> [Service] {
        guard case .success(let manifest) = member.manifest, let place = member.place else { return [] }
        return manifest.services.map { Service(place: place, name: $0.name) }
    }

    private static func failure(_ service: String, _ other: String) -> Failure {
        Failure(
            .manifestInvalid, "the service is in another manifest of this invocation, too: \(other)",
            of: ResourceID("service", service),
            hint:
                "name each service in one manifest, or name these manifests one at a time: nothing was changed for either"
        )
    }
}
