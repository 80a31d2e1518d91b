import JSON

/// What of the world outlives a restart: clusters, definitions, services with their deployments, counters. Tasks, client
/// tokens and logs do not.
extension ECSModel {
    public var snapshot: JSON {
        [
            "version": 1, "account": .string(account), "region": .string(region), "seed": .string(identifiers.seed),
            "addresses": .integer(addresses.position), "taskCount": .integer(taskCount),
            "clusters": .array(
                clusterNames.compactMap { clusters[$0] }.map { cluster in
                    [
                        "name": .string(cluster.name), "tags": .array(cluster.tags.json),
                        "services": .array(
                            cluster.serviceNames.compactMap { cluster.services[$0] }
                                .filter { $0.status != .inactive }.map(\.snapshot)),
                    ]
                }),
            "families": .array(
                families.keys.sorted { $0.precedes($1) }.compactMap { families[$0] }.map { family in
                    ["name": .string(family.name), "revisions": .array(family.revisions.map(\.snapshot))]
                }),
        ]
    }

    /// The world of a ``snapshot``, without its tasks: its services start theirs when time passes on.
    ///
    /// - Parameters:
    ///   - incarnation: differs at every restart, so that no id is issued a second time.
    /// - Returns: nil where the snapshot is not one of this release.
    public init?(snapshot: JSON, incarnation: String, limits: Limits, at now: Int) {
        guard snapshot["version"]?.integer == 1, let account = snapshot["account"]?.string,
            let region = snapshot["region"]?.string, let seed = snapshot["seed"]?.string
        else { return nil }
        self.init(account: account, region: region, seed: "\(seed.prefix(16))/\(incarnation)", limits: limits)
        addresses = AddressPool(start: snapshot["addresses"]?.integer ?? 0)
        taskCount = snapshot["taskCount"]?.integer ?? 0
        for json in snapshot["families"]?.elements ?? [] {
            guard let name = json["name"]?.string else { return nil }
            var family = FamilyRecord(name: name)
            for (index, revision) in (json["revisions"]?.elements ?? []).enumerated() {
                family.revisions.append(
                    RevisionRecord(
                        snapshot: revision, arn: naming.definition(name, index + 1), family: name, number: index + 1))
            }
            families[name] = family
        }
        for json in snapshot["clusters"]?.elements ?? [] {
            guard let name = json["name"]?.string else { return nil }
            var cluster = ClusterRecord(name: name, arn: naming.cluster(name), tags: TagList(kept: json["tags"]))
            for entry in json["services"]?.elements ?? [] {
                guard let service = ServiceRecord(snapshot: entry) else { return nil }
                cluster.services[service.name] = service
                touch(service.name, in: name)
            }
            clusters[name] = cluster
        }
        clock = now
    }
}

extension RevisionRecord {
    fileprivate var snapshot: JSON {
        .object(dropping: [
            "document": document, "isActive": .bool(isActive), "deregisteredAt": deregisteredAt.map(JSON.integer),
            "tags": .array(tags.json),
        ])
    }

    fileprivate init(snapshot: JSON, arn: String, family: String, number: Int) {
        self.init(
            arn: arn, family: family, number: number, document: snapshot["document"] ?? [:],
            isActive: snapshot["isActive"]?.bool ?? true, deregisteredAt: snapshot["deregisteredAt"]?.integer,
            tags: TagList(kept: snapshot["tags"]))
    }
}
