import ArgumentParser
import Base
import Manifest
import Resources

struct ReportCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a web page: what runs, what drifted, each run as a timeline.",
        discussion: """
            One HTML file for all manifests, which loads nothing and runs nothing: state and drift of each environment, the \
            last failure, how long steps take, and the newest runs. Changes nothing.

            Looks at AWS like status and drift. If AWS cannot be reached, the page says so and shows the ledger. --offline \
            reads the ledger alone. Without a manifest the page has all environments of the ledger.

            Exit code 0: the page is written, whatever it shows. If a manifest or a ledger cannot be read, the page says so, \
            and the exit code is the failure's.
            """)

    @Argument(
        help: "Manifests, JSON or YAML, and folders with manifests below them.",
        completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifests: [String] = []

    @Flag(help: "Read the ledger alone. Calls nothing in ECS.")
    var offline = false

    @Option(help: ArgumentHelp("Show that many runs of each environment.", valueName: "number"))
    var limit = 50

    @OptionGroup var document: DocumentOptions
    @OptionGroup var options: CommonOptions
    @OptionGroup var width: ParallelOption
    @OptionGroup var time: TimeLimit

    var timeLimit: Duration? { time.timeout }

    func validate() throws {
        if !(1...1_000).contains(limit) { throw ValidationError("--limit takes a number from 1 to 1000.") }
        if manifests.isEmpty, options.ledger == nil, !LedgerPlace.isNamedByEnvironment {
            throw ValidationError("Name a manifest, or a ledger with --ledger.")
        }
    }

    func run() async throws {
        let reading = PageReading(options: options)
        do throws(Failure) {
            if manifests.isEmpty {
                try document.write(page(try await reading.environments()))
                return
            }
        } catch {
            FailureOutput.show(error, noColor: options.noColor)
            throw ArgumentParser.ExitCode(error.exit.rawValue)
        }
        let fleet = try await Invocation.reporting(options) { () async throws(Failure) in
            let fleet = try await Fleet.load(
                manifests, options, comparesAsApplied: true, isOffline: offline,
                observe: CallCounter(verbose: options.verbose).record)
            if let out = document.out { try PlanWriter(path: out, options: options).check(against: fleet) }
            return fleet
        }
        let looks = PageLooks(options: options, isOffline: offline)
        var exits = await FleetRun(fleet: fleet, work: looks)
            .exits(fleet.members.map { [$0] }, width: width.parallel ?? 10, options)
        if exits.contains(.interrupted) { try Exits.end(exits) }
        var environments: [PageEnvironment] = []
        for member in fleet.members {
            let (environment, exit) = await reading.environment(of: member, await looks.look(at: member))
            environments.append(environment)
            exits.append(exit)
        }
        try await Invocation.reporting(options) { () throws(Failure) in try document.write(page(environments)) }
        try Exits.end(exits)
    }

    private func page(_ environments: [PageEnvironment]) -> String {
        PageView(page: Page(asOf: Machine.now(), environments: environments, limit: limit)).html.written
    }
}

/// What AWS shows of each manifest's environment.
private actor PageLooks: FleetWork {
    private let options: CommonOptions
    private let isOffline: Bool
    private var found: [String: PageEnvironment.Look] = [:]

    init(options: CommonOptions, isOffline: Bool) {
        self.options = options
        self.isOffline = isOffline
    }

    func look(at member: Fleet.Member) -> PageEnvironment.Look { found[member.path] ?? .none }

    /// AWS that cannot be reached is shown and is not a failure of the page. A manifest that cannot be read is one.
    private static let counted: Set<Base.ExitCode> = [.manifestInvalid, .interrupted, .broken]

    func work(on member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async -> Base.ExitCode {
        do throws(Failure) {
            let manifest = try member.manifest.get()
            if isOffline { return .converged }
            let session = try await Session.open(
                manifest, options, access: access, ledger: .reading,
                driftScope: DriftScope(probed: nil, readsTags: false, readsSchedules: true),
                emit: LookTalk.emit(manifest.environment, options))
            let look = try await session.look()
            let (plan, drift) = try await look.converger.compare()
            let status = EnvironmentStatus(
                manifest: manifest,
                plan: CommandHint(manifest: member.path, overrides: look.comparison.overrides).fill(plan),
                comparison: look.comparison,
                lastRun: nil)
            let report = DriftReport(
                environment: manifest.environment, drift: drift, underWay: plan.underWay, comparison: look.comparison,
                unanswered: nil)
            found[member.path] = .seen(status, report)
            return .converged
        } catch {
            return failed(member, error)
        }
    }

    func skip(_ member: Fleet.Member, _ failure: Failure) async { _ = failed(member, failure) }

    private func failed(_ member: Fleet.Member, _ failure: Failure) -> Base.ExitCode {
        found[member.path] = .failed(failure)
        if Self.counted.contains(failure.exit) {
            FailureOutput.show(failure, noColor: options.noColor, manifest: member.path)
            return failure.exit
        }
        if !options.quiet {
            let name = member.environment ?? member.path
            Terminal.writeFenced("\(name)  warning: not compared with AWS: \(failure.summary)\n", to: .error)
        }
        return .converged
    }
}
