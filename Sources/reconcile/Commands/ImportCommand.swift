import ArgumentParser
import Base
import Manifest
import Resources

struct ImportCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Write a manifest of services that run already.",
        discussion: """
            Reads what the services run, and prints a manifest whose next plan changes nothing. Services that run the same image \
            are in one manifest. Changes nothing in AWS, and writes no ledger.

            reconcile import --cluster prod --service web --service worker --out manifest.json
            """)

    @Option(help: ArgumentHelp("The ECS cluster, by name or ARN.", valueName: "name"))
    var cluster: String

    @Option(name: .customLong("service"), help: ArgumentHelp("A service. May be repeated.", valueName: "name"))
    var services: [String] = []

    @Flag(help: "All services of the cluster; those that reconcile cannot move are left out, with the reason.")
    var all = false

    @Option(
        name: .customLong("container"),
        help: ArgumentHelp(
            "The container that runs the application, if a service has several. May be repeated.", valueName: "name"))
    var containers: [String] = []

    @Option(help: ArgumentHelp("The environment's name (default: IMAGE-CLUSTER).", valueName: "name"))
    var environment: String?

    @Option(
        help: ArgumentHelp(
            "Write the manifest there, and not to standard output; a folder for manifests that are called "
                + "ENVIRONMENT.json. Nothing is overwritten.", valueName: "file|folder"))
    var out: String?

    @OptionGroup var database: DatabaseOptions

    @OptionGroup var access: AccessOptions

    var timeLimit: Duration? { nil }

    func validate() throws {
        if all, !services.isEmpty { throw ValidationError("--all and --service exclude each other.") }
        try NameCheck.check(cluster, "--cluster", Syntax.isCluster, NameCheck.cluster)
        try NameCheck.check(environment, "--environment", Syntax.isLabel, NameCheck.label)
        try NameCheck.check(services: services)
        if let out, [".yaml", ".yml"].contains(where: out.lowercased().hasSuffix) {
            throw ValidationError("--out: import writes JSON. Name a file that ends in .json.")
        }
    }

    func run() async throws {
        let options = try CommonOptions.of(access)
        let shared = SharedAccess(observe: CallCounter(verbose: access.verbose).record)
        var failure: (any Error)?
        do { try await make(options, shared) } catch { failure = error }
        await shared.close()
        guard let failure else { return }
        guard let known = failure as? Failure else { throw failure }
        FailureOutput.show(Self.ofOptions(known), noColor: access.noColor)
        throw ArgumentParser.ExitCode(known.exit.rawValue)
    }

    /// There is no manifest yet that could be corrected.
    private static func ofOptions(_ failure: Failure) -> Failure {
        failure.with { failure in
            switch failure.code {
            case .clusterMissing:
                failure.hint = "check --cluster and --region, and whose account the credentials are of"
            case .serviceMissing where failure.resource != nil:
                failure.hint = "check --service, --cluster and --region"
            default: break
            }
        }
    }

    private var asks: Bool { Terminal.canAsk && !access.quiet }

    private func make(_ options: CommonOptions, _ shared: SharedAccess) async throws {
        let caller = try await shared.caller(region: nil, options)
        let survey = ClusterSurvey(Clients(caller, patience: .quiet), cluster: cluster)
        let found = try await survey.read(try await names(survey), containers: containers)
        if let failure = found.refused.first, !all || found.services.isEmpty { throw failure }
        let groups = ServiceGroup.all(of: found.services)
        let target = ImportTarget(out: out, count: groups.count)
        try target.check(groups)
        if groups.count > 1, database.database != nil {
            throw Failure(
                .settingsMissing, "the services need \(groups.count) manifests, and --database is about one",
                hint: "name the services of one image with --service")
        }
        let names =
            groups.count == 1 && environment != nil
            ? [environment ?? ""] : ServiceGroup.environments(of: groups, place: environment ?? cluster)
        // What is there already is said before any question is asked.
        for path in names.compactMap(target.path) { try NewFile(path: path, text: "").check() }
        let schema = groups.count > 1 ? nil : try database.schema(asks: asks)
        var manifests: [ImportedManifest] = []
        var refused = found.refused
        for (group, name) in zip(groups, names) {
            var draft = group.draft(environment: name, region: caller.settings.region, cluster: cluster)
            draft.schema = schema
            let manifest = ImportedManifest(group: group, draft: draft, path: target.path(of: name))
            switch await manifest.planned(options, shared) {
            case .success(let planned): manifests.append(planned)
            case .failure(let failure) where all && failure.code == .definitionUnfit: refused.append(failure)
            case .failure(let failure): throw failure
            }
        }
        if manifests.isEmpty, let failure = refused.last { throw failure }
        try write(manifests, refused)
    }

    private func write(_ manifests: [ImportedManifest], _ refused: [Failure]) throws(Failure) {
        try NewFile.write(manifests.compactMap { made in made.path.map { NewFile(path: $0, text: made.draft.text) } })
        for made in manifests where made.path == nil { Terminal.write(TerminalText(lines: made.draft.text), to: .out) }
        if access.quiet { return }
        let text = ImportText(
            manifests: manifests, refused: refused, target: manifests.count == 1 ? manifests[0].name : out ?? "",
            style: Style(.error, noColor: access.noColor))
        Terminal.write(text.text, to: .error)
    }

    private func names(_ survey: ClusterSurvey) async throws(Failure) -> [String] {
        if !services.isEmpty { return services }
        let names = try await survey.names()
        if names.isEmpty {
            throw Failure(
                .serviceMissing, "the cluster \(cluster) has no services", hint: "check --cluster and --region")
        }
        if all { return names }
        let listed = names.joined(separator: ", ")
        if asks {
            let chosen = Questions.words(
                "The cluster has the services \(listed). Which of them, with spaces between them")
            if !chosen.isEmpty { return Set(chosen).sorted { $0.precedes($1) } }
        }
        throw Failure(
            .settingsMissing, "no service is named", hint: "name services with --service, or take all with --all",
            cause: ["the cluster \(cluster) has: \(listed)"])
    }
}

/// Where manifests are written.
struct ImportTarget {
    let out: String?
    let count: Int

    private var isFolder: Bool { out.map { count > 1 || $0.hasSuffix("/") || Files.isFolder($0) } ?? false }

    /// nil for standard output.
    func path(of environment: String) -> String? {
        guard let out else { return nil }
        return isFolder ? "\(out)\(out.hasSuffix("/") ? "" : "/")\(environment).json" : out
    }

    /// Several manifests need a folder.
    func check(_ groups: [ServiceGroup]) throws(Failure) {
        guard count > 1 else { return }
        if let out, Files.isVacant(out) || Files.isFolder(out), !out.hasSuffix(".json") { return }
        throw Failure(
            .settingsMissing, "the services run \(count) images, so they need \(count) manifests",
            hint: "name a folder with --out FOLDER/, or the services of one image with --service",
            cause: groups.map { "\($0.imageText): \($0.names.joined(separator: ", "))" })
    }
}
