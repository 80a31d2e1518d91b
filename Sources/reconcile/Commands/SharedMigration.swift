import Base
import Manifest
import Resources

/// A migration that several environments of one invocation wait for is tried once: what has just failed for one of them
/// is not run again for each of the others.
enum SharedMigration {
    /// - Parameters:
    ///   - place: where the manifest's services are.
    ///   - earlier: those that had their turn before, and shared something with it.
    static func failure(of manifest: Manifest, in place: Place?, after earlier: [Ended]) -> Failure? {
        guard let schema = manifest.schema else { return nil }
        for ended in earlier where ended.exit == .migrationFailed || ended.exit == .undecided {
            guard case .success(let other) = ended.member.manifest, let failed = other.schema,
                ended.member.place == place, failed.database == schema.database, failed.version == schema.version,
                schema.version != .image || other.image == manifest.image
            else { continue }
            return Failure(
                ended.exit == .undecided ? .schemaUndecided : .migrationFailed,
                "the migration that it waits for has not succeeded for \(other.environment)",
                of: ResourceID("schema", schema.database),
                hint:
                    "they share the database \(schema.database): fix what failed there, then run the same command again"
            )
        }
        return nil
    }
}
