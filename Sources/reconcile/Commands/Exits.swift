import ArgumentParser
import Base

/// From how the manifests ended to how the process ends.
enum Exits {
    /// The order in which the exit codes of several manifests outrank each other.
    static let order: [Base.ExitCode] = [
        .broken, .ledger, .denied, .undecided, .migrationFailed, .rolloutFailed, .detached, .locked, .manifestInvalid,
        .failed, .changesPending, .converged,
    ]

    static func worst(of exits: [Base.ExitCode]) -> Base.ExitCode {
        // An interruption or a wrong use is of the invocation, not of one manifest.
        if let whole = exits.first(where: { $0 == .interrupted || $0 == .usage }) { return whole }
        return order.first(where: exits.contains) ?? .converged
    }

    /// The same where a command has ended already.
    static func worst(of end: ArgumentParser.ExitCode, _ other: Base.ExitCode) -> ArgumentParser.ExitCode {
        guard let first = Base.ExitCode(rawValue: end.rawValue) else { return end }
        return ArgumentParser.ExitCode(worst(of: [first, other]).rawValue)
    }

    static func end(_ exits: [Base.ExitCode]) throws {
        let worst = worst(of: exits)
        if worst != .converged { throw ArgumentParser.ExitCode(worst.rawValue) }
    }
}
