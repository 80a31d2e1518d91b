/// A migration's program that ECS knows nothing of: a function's invocation, or a process of a machine.
struct ForeignProgram: Sendable, Equatable {
    /// When it ends, by the world's clock.
    let endsAt: Int
    /// nil while it runs.
    var end: ProgramEnd?
    /// What it writes.
    let log: String
}

/// How such a program ends.
enum ProgramEnd: Sendable, Equatable {
    case exited(Int)
    /// It was ended at its time-out.
    case cutOff
    /// It is gone without a trace.
    case lost
    /// Its command is not there.
    case notFound

    var isUndecided: Bool { self == .cutOff || self == .lost }
}

extension World {
    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: must not have been used before.
    ///   - digest: of the image whose migration it is.
    ///   - timeout: when whatever runs it ends it, in milliseconds.
    ///   - vanished: how an end looks that leaves no trace: a function is always told of.
    mutating func startProgram(_ name: String, image digest: String, timeout: Int, vanished: ProgramEnd) {
        let script = images[digest] ?? ImageScript(version: "unknown")
        let log = "migrating to \(script.version), password \(Landscape.canary)"
        if script.migration == .cannotStart {
            programs[name] = ForeignProgram(endsAt: now, end: .notFound, log: "")
            return
        }
        begin(script.version)
        database.programs[name] = script.version
        let nothing = Migration(version: script.version, applies: false)
        let (end, after, migration): (ProgramEnd, Int, Migration) =
            switch script.migration {
            case .succeeds(let after): (.exited(0), after, Migration(version: script.version, applies: true))
            case .fails(let code, let after): (.exited(code), after, nothing)
            case .vanishes(let applied, let after):
                (vanished, after, Migration(version: script.version, applies: applied))
            case .breaks(let after): (vanished, after, Migration(version: script.version, applies: false, breaks: true))
            case .hangs, .cannotStart: (.cutOff, timeout, nothing)
            }
        let isInTime = after < timeout
        plan(
            .program(name, isInTime ? end : .cutOff), after: min(after, timeout), isInTime ? migration : nothing)
        programs[name] = ForeignProgram(endsAt: now + min(after, timeout), end: nil, log: log)
    }

    /// The program that a folder or an invocation stands for.
    func program(_ name: String) -> ForeignProgram? { programs[name] }
}
