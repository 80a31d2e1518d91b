import Base

/// The revision that a release leaves behind whose migration failed.
///
/// It is not deregistered: another cluster or another ledger may have found it by its content and run it, which no call can
/// rule out, and a service on a deregistered revision is moved by its next apply for nothing. A person knows who starts
/// tasks from the family, and the next apply registers the content again.
enum LeftRevision {
    /// The same failure, with what such revisions may do and how to prevent it.
    ///
    /// - Parameters:
    ///   - revision: what the migration ran from.
    ///   - families: those that the services get revisions of.
    static func named(
        in failure: Failure, _ revision: String, of families: [String], _ history: SchemaHistory
    ) async throws(Failure) -> Failure {
        var cause: [String] = []
        for family in families {
            guard let left = try await newestAndIdle(family, revision, history) else { continue }
            let name = RevisionARN.shortName(of: left)
            cause += [
                "\(name) is now the newest revision of its family. A schedule that starts the newest one would run the new "
                    + "code on the old schema. To prevent that until the next apply:",
                "  aws ecs deregister-task-definition --task-definition \(name) --region \(RevisionARN.region(of: left))",
            ]
        }
        return failure.with { $0.cause += cause }
    }

    /// The newest revision of a family, if this tool has registered it and no service runs it.
    private static func newestAndIdle(
        _ family: String, _ revision: String, _ history: SchemaHistory
    ) async throws(Failure) -> String? {
        let access = history.access
        guard let newest = try await access.definitions.newest(of: family, for: history.resource).first,
            newest.arn == revision || newest.tags[Mark.digest] == newest.digest
        else { return nil }
        for name in access.serviceNames
        where try await access.services.known(name).taskDefinition == newest.arn { return nil }
        return newest.arn
    }
}
