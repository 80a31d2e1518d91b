extension World {
    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: must not have been used before.
    ///   - cluster: whose database it migrates.
    ///   - digest: of the image whose migration it is.
    ///   - timeout: when whatever runs it ends it, in milliseconds.
    ///   - vanished: how an end looks that leaves no trace: a function is always told of.
    mutating func startProgram(
        _ name: String, in cluster: String, image digest: String, timeout: Int, vanished: ProgramEnd
    ) {
        let script = images[digest] ?? ImageScript(version: "unknown")
        let log = "migrating to \(script.version), password \(Landscape.canary)"
        if script.migration == .cannotStart {
            programs[name] = ForeignProgram(cluster: cluster, endsAt: now, end: .notFound, log: "")
            return
        }
        begin(script.version, in: cluster)
        self[cluster].programs[name] = script.version
        let nothing = Migration(version: script.version, applies: false)
        let (end, after, migration): (ProgramEnd, Int, Migration) =
            switch script.migration {
            case .succeeds(let after): (.exited(0), after, Migration(version: script.version, applies: true))
            case .fails(let code, let after): (.exited(code), after, nothing)
            case .vanishes(let applied, let after):
                (vanished, after, Migration(version: script.version, applies: applied))
            case .saysDirty(let after):
                (.exited(0), after, Migration(version: script.version, applies: false, breaks: true))
            case .breaks(let after): (vanished, after, Migration(version: script.version, applies: false, breaks: true))
            case .outlived, .hangs, .cannotStart: (.cutOff, timeout, nothing)
            }
        let isInTime = after < timeout
        plan(
            .program(name, isInTime ? end : .cutOff), after: min(after, timeout), isInTime ? migration : nothing)
        var text = log
        if case .saysDirty = script.migration {
            self[cluster].saidDirty.insert(script.version)
            text += "\nRECONCILE_SCHEMA=\(script.version) dirty"
        }
        programs[name] = ForeignProgram(cluster: cluster, endsAt: now + min(after, timeout), end: nil, log: text)
    }
}
