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
        let failed = sharing(manifest, in: place, earlier).first {
            $0.exit == .migrationFailed || $0.exit == .undecided
        }
        guard let failed, let database = manifest.schema?.database else { return nil }
        return Failure(
            failed.exit == .undecided ? .schemaUndecided : .migrationFailed,
            "the migration that it waits for has not succeeded for \(failed.member.environment ?? failed.member.path)",
            of: ResourceID("schema", database),
            hint: "they share the database \(database): fix what failed there, then run the same command again")
    }

    /// Those that want the same migration.
    private static func sharing(_ manifest: Manifest, in place: Place?, _ earlier: [Ended]) -> [Ended] {
        guard let schema = manifest.schema else { return [] }
        return earlier.filter { ended in
            guard case .success(let other) = ended.member.manifest, let shared = other.schema else { return false }
            return ended.member.place == place && shared.database == schema.database
                && shared.version == schema.version && (schema.version != .image || other.image == manifest.image)
        }
    }
}
