import Base
import Ledger
import Manifest

/// Reads what the ledgers have of the page's environments, each ledger once.
actor PageReading {
    private let options: CommonOptions
    private var histories: [LedgerPlace: Result<History, Failure>] = [:]

    init(options: CommonOptions) { self.options = options }

    /// All environments of the ledger that is named without a manifest, by name.
    func environments() async throws(Failure) -> [PageEnvironment] {
        try LedgerPlace.check(options.ledger)
        let found = try FoundLedger(option: options.ledger, nil, nil, options.credentials)
        let history = try await Self.history(found, isNamed: options.ledger != nil)
        let runs = Dictionary(grouping: history.runs(), by: \.environment)
        return runs.keys.sorted().map { name in
            PageEnvironment(
                name: name, manifest: nil, look: .none,
                past: PagePast(ledger: found.place.name, runs: runs[name] ?? []))
        }
    }

    /// - Returns: the environment, and what its ledger adds to the exit codes.
    func environment(
        of member: Fleet.Member, _ look: PageEnvironment.Look
    ) async -> (PageEnvironment, Base.ExitCode) {
        var past = PagePast()
        var name = member.environment
        do throws(Failure) {
            let head = try ManifestHead(member.path, variables: try options.variables.read(), read: Inputs.read)
            let environment = try head.environment()
            name = environment
            let found = try FoundLedger(option: options.ledger, member.path, head, options.credentials)
            past.ledger = found.place.name
            if histories[found.place] == nil {
                histories[found.place] = await Self.result(found, isNamed: options.ledger != nil)
            }
            past.runs = try histories[found.place]?.get().runs(environment: environment) ?? []
        } catch {
            // That a manifest cannot be read is known by now.
            if past.ledger != nil {
                past.failure = error
                FailureOutput.show(error, noColor: options.noColor, manifest: member.path)
            }
        }
        let environment = PageEnvironment(
            name: name ?? member.path, manifest: member.path, look: look, past: past)
        return (environment, past.failure?.exit ?? .converged)
    }

    private static func result(_ ledger: FoundLedger, isNamed: Bool) async -> Result<History, Failure> {
        do throws(Failure) { return .success(try await history(ledger, isNamed: isNamed)) } catch {
            return .failure(error)
        }
    }

    /// - Parameter isNamed: whether it is meant to be there; a manifest's may be yet to be made.
    private static func history(_ ledger: FoundLedger, isNamed: Bool) async throws(Failure) -> History {
        var history = History()
        let reader: LedgerReader?
        if isNamed {
            reader = try LedgerReader(path: try await WholeLedger.path(ledger))
        } else {
            reader = try await WholeLedger.path(ifThere: ledger).flatMap { path throws(Failure) in
                try LedgerReader(ifThere: path)
            }
        }
        try reader?.entries { entry, _ in history.add(entry) }
        return history
    }
}
