import JSON

/// One revision of a task definition. What was registered never changes; its status and its tags do.
struct RevisionRecord: Sendable, Equatable {
    let arn: String
    let family: String
    let number: Int
    /// With what the server filled in, but without status.
    let document: JSON
    var isActive = true
    var deregisteredAt: Int?
    var tags: TagList

    var json: JSON {
        var json = document
        json["status"] = isActive ? "ACTIVE" : "INACTIVE"
        json["deregisteredAt"] = deregisteredAt.map(JSON.seconds)
        return json
    }

    var containers: [JSON] { document["containerDefinitions"]?.elements ?? [] }
    /// Volumes that are configured at launch.
    var launchVolumes: [String] {
        (document["volumes"]?.elements ?? []).filter { $0["configuredAtLaunch"] == true }
            .compactMap { $0["name"]?.string }
    }
    var networkMode: String { document["networkMode"]?.string ?? "bridge" }
}

/// The revisions of one family, oldest first. The number of the newest is also the count: numbers are never used again.
struct FamilyRecord: Sendable, Equatable {
    let name: String
    var revisions: [RevisionRecord] = []

    func revision(_ number: Int) -> RevisionRecord? {
        revisions.indices.contains(number - 1) ? revisions[number - 1] : nil
    }

    var newestActive: RevisionRecord? { revisions.last { $0.isActive } }
}

extension JSON {
    /// A moment as AWS's JSON protocol writes it: seconds with a fraction.
    static func seconds(_ milliseconds: Int) -> JSON { .double(Double(milliseconds) / 1_000) }
}
