import ArgumentParser
import Base

/// What all commands on manifests do before the first of them has its turn.
enum Invocation {
    static func load(
        _ manifests: [String], _ options: CommonOptions, endsEvents: Bool = false, comparesAsApplied: Bool = false
    ) async throws -> Fleet {
        try await reporting(options, endsEvents: endsEvents) { () async throws(Failure) in
            try await Fleet.load(
                manifests, options, comparesAsApplied: comparesAsApplied,
                observe: CallCounter(verbose: options.verbose).record)
        }
    }

    /// For a command that takes one manifest and tells events.
    ///
    /// - Parameters:
    ///   - name: the command's.
    ///   - usage: how it is written with one manifest.
    static func loadOne(_ path: String, _ options: CommonOptions, for name: String, usage: String) async throws -> Fleet
    {
        let fleet = try await load([path], options, endsEvents: true, comparesAsApplied: true)
        try await reporting(options, endsEvents: true) { () throws(Failure) in
            guard fleet.isSingle else {
                throw CommandHint(manifest: fleet.members[0].path).fill(
                    Failure(
                        .settingsMissing, "\(path) has \(fleet.members.count) manifests, and \(name) takes one",
                        hint: "name one of them: \(usage)"))
            }
        }
        return fleet
    }

    /// Ends the command with what fails before any manifest has its turn, shown.
    ///
    /// - Parameter endsEvents: whether the command tells events, of which the last one has the result.
    static func reporting<Value>(
        _ options: CommonOptions, endsEvents: Bool = false, _ body: () async throws(Failure) -> Value
    ) async throws -> Value {
        do { return try await body() } catch {
            FailureOutput.show(
                error, manifest: nil, environment: nil, options.output, noColor: options.noColor,
                endsEvents: endsEvents)
            throw ArgumentParser.ExitCode(error.exit.rawValue)
        }
    }
}
