import Base
import Manifest
import Reconciler
import Resources

/// Writes the plans of all manifests into one file, or none.
struct PlanWriter {
    let path: String
    let options: CommonOptions

    /// Refuses to write over what the command reads.
    ///
    /// - Throws: ``Failure`` with code `settings-missing`.
    func check(against fleet: Fleet) throws(Failure) {
        let read =
            fleet.members.flatMap(Self.files)
            + options.variables.varFile.map { ($0, "a file of variables") }
        guard let (_, what) = read.first(where: { Files.areSame($0.0, path) }) else { return }
        throw Failure(
            .settingsMissing, "--out \(path) is \(what) of this command, and would be written over",
            hint: "name another file")
    }

    /// The files of a member, with what they are.
    private static func files(of member: Fleet.Member) -> [(String, String)] {
        var files = [(member.path, "a manifest")]
        if case .file(let ledger) = member.ledger { files += ["", "-wal", "-shm"].map { (ledger + $0, "the ledger") } }
        if case .success(let manifest) = member.manifest, let file = manifest.definition.file {
            files.append((ManifestLoader.path(of: file, beside: member.path), "a task definition"))
        }
        if case .success(let manifest) = member.manifest, case .file(let state)? = manifest.state {
            files.append((state, "a Terraform state"))
        }
        return files
    }

    /// - Parameters:
    ///   - plans: of all manifests, in order; nil for those that cannot be approved.
    ///   - terms: what they were made with.
    /// - Returns: what it adds to the exit codes.
    func write(_ plans: [PlanFile.Member?], terms: ReleaseTerms) -> [Base.ExitCode] {
        let members = plans.compactMap(\.self)
        guard members.count == plans.count else {
            Terminal.write("\(path) is not written: not every manifest has a plan\n", to: .error)
            return []
        }
        do {
            let file = PlanFile(overrides: Overrides(options), terms: terms, members: members)
            try Files.write(file.text, to: path)
            return []
        } catch {
            FailureOutput.show(error, noColor: options.noColor)
            return [error.exit]
        }
    }
}

extension Overrides {
    init(_ options: CommonOptions) {
        self.init(
            imageTag: options.imageTag, imageDigest: options.imageDigest, schemaVersion: options.schemaVersion,
            region: options.region)
    }
}
