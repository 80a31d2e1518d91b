import Base
import Manifest
import Reconciler
import Resources

/// Collects the plans of all manifests and writes them into one file, or into none.
actor PlanWriter {
    private let path: String?
    private let overrides: Overrides
    private let output: CommonOptions
    private var members: [String: PlanFile.Member] = [:]

    /// - Parameter path: nil where no file is wanted.
    init(path: String?, _ options: CommonOptions) {
        self.path = path
        output = options
        overrides = Overrides(options)
    }

    /// Refuses to write over what the command reads.
    ///
    /// - Throws: ``Failure`` with code `settings-missing`.
    nonisolated func check(against fleet: Fleet) throws(Failure) {
        guard let path else { return }
        let read =
            fleet.members.flatMap(Self.files)
            + output.varFile.map { ($0, "a file of variables") }
        guard let (_, what) = read.first(where: { Files.areSame($0.0, path) }) else { return }
        throw Failure(
            .settingsMissing, "--out \(path) is \(what) of this command, and would be written over",
            hint: "name another file for the plan")
    }

    /// The files of a member, with what they are.
    private nonisolated static func files(of member: Fleet.Member) -> [(String, String)] {
        var files = [(member.path, "a manifest")]
        if !member.ledger.isEmpty { files += ["", "-wal", "-shm"].map { (member.ledger + $0, "the ledger") } }
        if case .success(let manifest) = member.manifest, let file = manifest.definition.file {
            files.append((ManifestLoader.path(of: file, beside: member.path), "a task definition"))
        }
        return files
    }

    /// What is blocked is no plan that could be approved.
    func take(_ manifest: String, _ plan: Plan, environment: String) throws(Failure) {
        guard path != nil, plan.blocker == nil else { return }
        members[manifest] = try PlanFile.member(manifest, plan, environment: environment)
    }

    /// - Parameter manifests: in order.
    /// - Returns: what it adds to the exit codes.
    func write(manifests: [String]) -> [Base.ExitCode] {
        guard let path else { return [] }
        guard manifests.allSatisfy({ members[$0] != nil }) else {
            Terminal.write("\(path) is not written: not every manifest has a plan\n", to: .error)
            return []
        }
        let file = PlanFile(overrides: overrides, members: manifests.compactMap { members[$0] })
        do {
            try Files.write(file.text, to: path)
            return []
        } catch {
            FailureOutput.show(error, noColor: output.noColor)
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
