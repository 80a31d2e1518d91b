import Base

/// The revision that a release leaves behind whose migration failed.
///
/// It is not deregistered: another cluster or another ledger may have found it by its content and run it, which no call can
/// rule out, and a service on a deregistered revision is moved by its next apply for nothing. A person knows who starts
/// tasks from the family, and the next apply registers the content again.
enum LeftRevision {
    /// The same failure, with what the revision may do and how to prevent it.
    static func named(
        in failure: Failure, _ revision: String, _ history: SchemaHistory
    ) async throws(Failure) -> Failure {
        guard try await isNewestAndIdle(revision, history) else { return failure }
        let name = RevisionARN.shortName(of: revision)
        let region = RevisionARN.region(of: revision)
        return failure.with {
            $0.cause += [
                "\(name) is now the newest revision of its family: what starts the newest one, such as a schedule, runs the "
                    + "new code on the old schema. This prevents it until the next apply, which registers it again:",
                "  aws ecs deregister-task-definition --task-definition \(name) --region \(region)",
            ]
        }
    }

    /// Whether whoever starts the newest revision of its family gets it, and none of the services runs it.
    private static func isNewestAndIdle(_ revision: String, _ history: SchemaHistory) async throws(Failure) -> Bool {
        guard !revision.isEmpty else { return false }
        for name in history.access.serviceNames
        where try await history.access.services.known(name).taskDefinition == revision { return false }
        let family = RevisionARN.family(of: revision)
        return try await history.access.definitions.newestARN(of: family, for: history.resource) == revision
    }
}
