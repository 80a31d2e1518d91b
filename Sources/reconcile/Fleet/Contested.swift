import Reconciler
import Resources

/// Services that two manifests of one invocation name: each would undo what the other has done.
extension Fleet {
    /// The same members; of those that name a service of another one, too, none is carried out.
    var uncontested: Fleet {
        var owners: [String: [Int]] = [:]
        for (index, member) in members.enumerated() {
            guard case .success(let manifest) = member.manifest else { continue }
            for service in manifest.services {
                owners[Self.place(of: service.name, manifest), default: []].append(index)
            }
        }
        var members = members
        for (index, member) in members.enumerated() {
            guard case .success(let manifest) = member.manifest else { continue }
            for service in manifest.services {
                let others = (owners[Self.place(of: service.name, manifest)] ?? []).filter { $0 != index }
                guard let other = others.first else { continue }
                members[index] = Member(
                    path: member.path,
                    manifest: .failure(Self.failure(service.name, manifest, self.members[other].path)),
                    ledger: member.ledger, environment: manifest.environment)
                break
            }
        }
        return Fleet(members: members)
    }

    private static func place(of service: String, _ manifest: Manifest) -> String {
        [manifest.region ?? "", manifest.clusterName, service].joined(separator: "\n")
    }

    private static func failure(_ service: String, _ manifest: Manifest, _ other: String) -> Failure {
        Failure(
            .manifestInvalid, "the service is in another manifest of this invocation, too: \(other)",
            of: ResourceID("service", service),
            hint:
                "name each service in one manifest, or name these manifests one at a time: nothing was changed for either"
        )
    }
}
