import ArgumentParser
import Resources

/// What `apply` and `plan` are told of a release besides the manifest.
struct ReleaseOptions: ParsableArguments {
    @Flag(help: "Redeploy content that ECS rolled back earlier.")
    var retryFailed = false

    @Option(
        help: ArgumentHelp(
            "The release's place in the order of all, such as the CI run's number. An older one is refused (exit 6).",
            valueName: "n"))
    var sequence: Int?

    @Flag(help: "Let a release replace one with a higher --sequence.")
    var allowOlder = false

    func validate() throws {
        if let sequence, sequence < 0 { throw ValidationError("--sequence takes a number from 0.") }
        if allowOlder, sequence == nil { throw ValidationError("--allow-older needs --sequence.") }
    }

    var isEmpty: Bool { !retryFailed && sequence == nil }

    var terms: ReleaseTerms {
        ReleaseTerms(
            retriesFailed: retryFailed, sequence: sequence.map { ReleaseSequence($0, allowsOlder: allowOlder) })
    }

    /// The options that say the same.
    static func words(_ terms: ReleaseTerms) -> [String] {
        (terms.retriesFailed ? ["--retry-failed"] : [])
            + (terms.sequence.map { ["--sequence", "\($0.number)"] + ($0.allowsOlder ? ["--allow-older"] : []) } ?? [])
    }
}
