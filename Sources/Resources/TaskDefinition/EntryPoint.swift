import JSON

extension TaskDefinitionSummary.EntryPoint {
    /// Shells that take a script after `-c` and hand what follows to it as `$0`, `$1` and so on. (POSIX, `sh`.)
    private static let shells: Set = ["sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"]

    /// - Parameter json: a container's `entryPoint`.
    init(_ json: JSON?) {
        let words = (json?.elements ?? []).compactMap(\.string)
        guard !words.isEmpty else {
            self = .none
            return
        }
        let isShell = words.contains { Self.shells.contains($0.split(separator: "/").last.map(String.init) ?? "") }
        guard isShell, let option = words.firstIndex(where: Self.takesScript) else {
            self = .program
            return
        }
        guard let script = words[(option + 1)...].first else {
            self = .shell
            return
        }
        // `exec "$@"`, `"$0"` and `$1` hand the command on.
        self =
            ["$@", "$*", "$0", "$1", "${@", "${*", "${0", "${1"].contains { script.contains($0) } ? .program : .script
    }

    /// `-c`, also among other letters, as in `-lc` and `-euxc`.
    private static func takesScript(_ word: String) -> Bool {
        word.hasPrefix("-") && !word.hasPrefix("--") && word.hasSuffix("c") && word.dropFirst().allSatisfy(\.isLetter)
    }
}
